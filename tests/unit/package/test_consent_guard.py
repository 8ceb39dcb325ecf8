"""Which updates of tags would overwrite a withdrawal."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest
from pulumi import ResourceHookArgs
from pulumi_speaker_search.consent_guard import keep_withdrawal

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
