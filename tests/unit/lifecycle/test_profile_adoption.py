"""A voice profile that is adopted instead of enrolled: consent is checked alike, and nothing is created."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pulumi_speaker_search.lifecycle.errors import (
    AdoptionError,
    ConsentError,
)
from pulumi_speaker_search.lifecycle.voice_enrolment import adopt
from pulumi_speaker_search.lifecycle.voice_profile import VoiceProfile

from tests.unit.lifecycle.scripted_aws import (
    BEGIN,
    DOMAIN_ARN,
    Answer,
    not_found,
)
from tests.unit.lifecycle.test_voice_enrolment import (
    CREATE,
    WANTED,
    account,
)
from tests.unit.lifecycle.test_voice_profile import described, profile


def test_an_adopted_profile_is_not_created() -> None:
    scripted = account()
    found = adopt(scripted.aws, "vp-1", WANTED)
    assert (isinstance(found, VoiceProfile), scripted.client.of(CREATE)) == (True, [])


@pytest.mark.parametrize(
    ("answer", "domain", "text"),
    [
        (not_found(), "domain-1", "AWS does not find it"),
        (profile(), "domain-2", "it is in the voice profile domain domain-1"),
        (
            {"VoiceProfile": {**described(), "ExpirationTimestamp": BEGIN}},
            "domain-1",
            "it has expired",
        ),
    ],
    ids=["not found", "in another domain", "expired"],
)
def test_what_can_not_be_adopted_is_refused(answer: Answer, domain: str, text: str) -> None:
    elsewhere = replace(WANTED, domain_arn=DOMAIN_ARN.replace("domain-1", domain))
    with pytest.raises(AdoptionError, match=text):
        adopt(account(get_voice_profile=[answer]).aws, "vp-1", elsewhere)


def test_nothing_is_adopted_without_valid_consent() -> None:
    with pytest.raises(ConsentError):
        adopt(account().aws, "vp-1", replace(WANTED, tags={}))
