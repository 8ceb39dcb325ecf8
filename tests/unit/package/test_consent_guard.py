"""Which updates of tags would overwrite a withdrawal."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest
from pulumi import ResourceHookArgs
from pulumi_speaker_search.components.consent_guard import keep_withdrawal
from pulumi_speaker_search.components.domain_key_guard import keep_domain_key

RECORD = "register/2026/0001"


def tags(status: str, record: str = RECORD) -> dict[str, Any]:
    return {"tags": {"consent:status": status, "consent:record-ref": record}}


def update(live: dict[str, Any], declared: dict[str, Any]) -> None:
    keep_withdrawal(
        ResourceHookArgs(
            urn="urn", id="id", name="voice", type="aws:kms:Key", old_outputs=live, new_inputs=declared
        )
    )


@pytest.mark.parametrize("status", ["withdrawn", "expired"])
def test_what_stands_for_the_same_record_is_not_overwritten(status: str) -> None:
    with pytest.raises(pulumi.RunError, match=f"voice .* carries consent:status={status} in AWS"):
        update(tags(status), tags("given"))


def test_a_new_record_is_a_new_consent() -> None:
    update(tags("withdrawn"), tags("given", "register/2026/0002"))


def test_a_withdrawal_may_be_declared() -> None:
    update(tags("given"), tags("withdrawn"))


def test_one_end_of_a_consent_may_follow_another() -> None:
    update(tags("expired"), tags("withdrawn"))


@pytest.mark.parametrize("live", [{}, {"tags": None}, {"tags": {}}])
def test_what_carries_no_status_may_get_one(live: dict[str, Any]) -> None:
    update(live, tags("given"))


KEY = "arn:aws:kms:us-east-1:123456789012:key/0"


def change_key(present: str | None, declared: object) -> None:
    def encryption(arn: object) -> dict[str, Any]:
        return {"serverSideEncryptionConfiguration": {"kmsKeyArn": arn}} if arn else {}

    keep_domain_key(
        ResourceHookArgs(
            urn="urn",
            id="id",
            name="voice",
            type="domain",
            old_outputs=encryption(present),
            new_inputs=encryption(declared),
        )
    )


@pytest.mark.parametrize("declared", [KEY + "1", None, object()])
def test_a_domain_keeps_its_key(declared: object) -> None:
    with pytest.raises(pulumi.RunError, match="can't be changed, and its profiles are under arn:aws:kms"):
        change_key(KEY, declared)


def test_the_same_key_may_stay() -> None:
    change_key(KEY, KEY)
