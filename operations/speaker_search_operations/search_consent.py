"""Judge the consent of a search: as it is declared in state, and as the tags in AWS state it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from pulumi_speaker_search.consent.consent_value import in_doubt, malformed, missing, not_in_force
from pulumi_speaker_search.consent.vocabulary import PREFIX, STATUS_GIVEN
from pulumi_speaker_search.lifecycle import consent_gate
from pulumi_speaker_search.lifecycle.aws_call import Aws
from pulumi_speaker_search.lifecycle.aws_client import KINESIS_VIDEO, VOICE
from pulumi_speaker_search.lifecycle.consent_gate import RECORD_REF
from pulumi_speaker_search.lifecycle.errors import ActionError, Subject
from pulumi_speaker_search.lifecycle.stack_record import RecordedResource, StackRecord

from .stack_aws import reason_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentStatus:
    """The declared consent of a search.

    Attributes:
        text: `valid`, or what is wrong with it.
        in_force: Whether a search may run under it today.
        days_left: Days after today, up to the last day; None if the consent is not in force.
        withdrawn_on: The day on which state recorded the withdrawal. It took place on that day or before; no tag
            holds the day itself.
    """

    text: str
    in_force: bool
    record: str | None
    expires: str | None
    days_left: int | None = None
    withdrawn_on: str | None = None


def consent_of(resource: RecordedResource, today: date) -> ConsentStatus:
    """Judge the consent that a task declares in its tags."""
    tags = _readable_tags(resource.properties.get("tags"))
    expires, status = tags.get(PREFIX + "expires"), tags.get(PREFIX + "status")
    incomplete = [*missing(tags), *malformed(tags)]
    over = not_in_force(tags, today=today)
    is_withdrawn = any(fault.key.endswith("status") for fault in over)
    text = "; ".join(f"{fault.key} {fault.fault}" for fault in [*incomplete, *over]) or "valid"
    if over and not incomplete:
        text = str(status) if is_withdrawn else f"expired, last day {expires}"
    in_force = not (incomplete or over)
    return ConsentStatus(
        text=text,
        in_force=in_force,
        record=tags.get(RECORD_REF),
        expires=expires,
        days_left=(date.fromisoformat(str(expires)) - today).days if in_force else None,
        withdrawn_on=(resource.modified or "")[:10] or None if is_withdrawn else None,
    )


def with_withdrawal_in_state(consent: ConsentStatus, stack: StackRecord) -> ConsentStatus:
    """Return the consent as withdrawn where the last refresh has found a withdrawal of its record in AWS.

    The declaration does not know of it, and a task that has ended has no tags in AWS to compare.
    """
    if not consent.in_force:
        return consent
    for resource in stack.custom:
        tags = _readable_tags(resource.properties.get("tags"))
        status = tags.get(PREFIX + "status")
        if tags.get(RECORD_REF) == consent.record and status not in (None, STATUS_GIVEN):
            return replace(
                consent,
                text=f"{status} in AWS",
                in_force=False,
                days_left=None,
                withdrawn_on=(resource.modified or "")[:10] or None,
            )
    return consent


def running_without_consent(consent: ConsentStatus) -> Iterator[str]:
    """Yield the problem of a running task whose declared consent is not in force."""
    if not consent.in_force:
        yield "the task is RUNNING WITHOUT VALID CONSENT"


def pipeline_tag_problems(resource: RecordedResource, live: Mapping[str, str]) -> Iterator[str]:
    """Yield where the consent tags of the pipeline in AWS differ from the declaration of a running task."""
    declared, status = _readable_tags(resource.properties.get("tags")), live.get(PREFIX + "status")
    if status not in (None, STATUS_GIVEN) and declared.get(PREFIX + "status") == STATUS_GIVEN:
        yield f"the task is RUNNING, but the consent on its pipeline is {status} in AWS"
    yield from differing_tags(resource, live)


def differing_tags(resource: RecordedResource, live: Mapping[str, str]) -> Iterator[str]:
    """Yield where the consent tags of a pipeline in AWS differ from a declaration."""
    declared = _readable_tags(resource.properties.get("tags"))
    consent_keys = sorted(key for key in declared if key.startswith(PREFIX))
    changed = [key for key in consent_keys if live.get(key, declared[key]) != declared[key]]
    if changed:
        yield f"tags of the pipeline differ in AWS from the declaration: {', '.join(changed)}"
    lost = [key for key in consent_keys if key not in live]
    if lost and len(lost) < len(consent_keys):
        yield f"tags of the pipeline are missing in AWS: {', '.join(lost)}"


def withdrawn_on_domain_or_stream(
    aws: Aws, resource: RecordedResource, deadline: float
) -> tuple[list[str], str | None]:
    """Return which of domain and stream carry a consent in AWS that is not in force, and why one can't be read."""
    source = resource.properties.get("kinesis_video_stream_source_task_configuration")
    carriers = (
        ("voice profile domain", VOICE, resource.text("voice_profile_domain_arn")),
        ("stream", KINESIS_VIDEO, source.get("stream_arn") if isinstance(source, Mapping) else None),
    )
    problems, unread = [], None
    for noun, service, arn in carriers:
        if not isinstance(arn, str):
            continue
        try:
            tags = _shared_tags(aws, service, arn, deadline)
        except ActionError as error:
            unread = f"tags of the {noun} {arn}: {reason_of(error)}"
            continue
        reason = _reason_for_doubt(tags, aws.clock.now().date())
        if reason:
            problems.append(f"the task is RUNNING, but the consent on its {noun} {reason} in AWS")
    return problems, unread


def _reason_for_doubt(tags: Mapping[str, str], today: date) -> str | None:
    """Return why tags in AWS do not state a consent that holds; None if they do, or state nothing."""
    keys = [fault.key for fault in in_doubt(tags, today=today)]
    status, expires = PREFIX + "status", PREFIX + "expires"
    if status in keys:
        return f"is {tags[status]}" if tags[status] else f"has an empty {status}"
    if expires in keys:
        is_date = any(fault.key == expires for fault in not_in_force(tags, today=today))
        return "has expired" if is_date else f"has a {expires} that is not a date"
    return None


def _shared_tags(aws: Aws, service: str, arn: str, deadline: float) -> dict[str, str]:
    subject = Subject(kind="tags", id=arn)
    return aws.memory.shared_tags(
        arn,
        aws.clock.monotonic,
        lambda: consent_gate.fetch_tags(aws, service, arn, subject=subject, deadline=deadline),
    )


def _readable_tags(tags: Any) -> dict[str, str]:
    """Return the tags that are text. Secrets are left out, because they are not decrypted here."""
    pairs = tags.items() if isinstance(tags, Mapping) else ()
    return {str(key): value for key, value in pairs if isinstance(value, str)}
