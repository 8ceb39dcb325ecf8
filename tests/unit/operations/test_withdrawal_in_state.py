"""The consent that `status` shows where a refresh has found a withdrawal in AWS that the declaration does not have."""

from __future__ import annotations

from collections.abc import Mapping

from pulumi_speaker_search.lifecycle.stack_record import RecordedResource, StackRecord
from speaker_search_operations.search_consent import ConsentStatus, consent_of, with_withdrawal_in_state

from tests.unit.lifecycle.scripted_aws import CONSENT, DOMAIN_ARN
from tests.unit.operations.test_search_status import TODAY, WITHDRAWN, resource


def consent_with(live: Mapping[str, str], declared: Mapping[str, str] = CONSENT) -> ConsentStatus:
    """The consent of a search whose domain had these tags in AWS at the last refresh."""
    domain = RecordedResource(
        "urn:pulumi:dev::project::aws:chime/sdkvoiceVoiceProfileDomain:SdkvoiceVoiceProfileDomain::voice",
        "aws:chime/sdkvoiceVoiceProfileDomain:SdkvoiceVoiceProfileDomain",
        "domain-1",
        {"arn": DOMAIN_ARN, "tags": dict(live)},
        modified="2026-11-23T08:15:00Z",
    )
    stack = StackRecord(name="dev", stack="dev", project="project", custom=(domain,))
    return with_withdrawal_in_state(consent_of(resource(declared), TODAY), stack)


def test_a_withdrawal_in_aws_of_the_declared_record_is_the_consent_of_a_search_that_has_ended() -> None:
    consent = consent_with(WITHDRAWN)
    assert (consent.text, consent.in_force, consent.days_left, consent.withdrawn_on) == (
        "withdrawn in AWS",
        False,
        None,
        "2026-11-23",
    )


def test_a_withdrawal_in_aws_of_another_record_is_not() -> None:
    assert consent_with({**WITHDRAWN, "consent:record-ref": "register/2026/0777"}).in_force


def test_a_consent_that_aws_has_as_given_stays_in_force() -> None:
    assert consent_with(CONSENT).days_left == 0


def test_a_domain_without_consent_tags_leaves_the_declared_consent() -> None:
    assert consent_with({}).in_force


def test_a_declared_withdrawal_is_shown_as_declared() -> None:
    assert consent_with(WITHDRAWN, WITHDRAWN).text == "withdrawn"
