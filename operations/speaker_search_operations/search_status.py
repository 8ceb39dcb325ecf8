"""How one search of a stack stands: AWS's status, the outcome, the consent, and what is wrong. Changes nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final

from pulumi_speaker_search.consent import in_doubt, malformed, missing, not_in_force
from pulumi_speaker_search.consent_vocabulary import PREFIX, STATUS_GIVEN
from pulumi_speaker_search.lifecycle import consent_at_start, media_insights_pipeline
from pulumi_speaker_search.lifecycle import speaker_search_task as task_life
from pulumi_speaker_search.lifecycle.aws_call import Aws
from pulumi_speaker_search.lifecycle.aws_client import KINESIS_VIDEO, MEDIA_PIPELINES, VOICE
from pulumi_speaker_search.lifecycle.clock import iso
from pulumi_speaker_search.lifecycle.consent_at_start import RECORD_REF
from pulumi_speaker_search.lifecycle.errors import NotFoundError, SpeakerSearchError, Subject
from pulumi_speaker_search.lifecycle.outcome import FINAL, Outcome, outcome_of, recorded_outcome
from pulumi_speaker_search.lifecycle.stack_record import RecordedResource
from pulumi_speaker_search.lifecycle.status import ENDED

CALL_SECONDS: Final = 30.0
LOOK_SECONDS: Final = 8.0
"""How long a task that is not found is looked for."""

RESULTS_KEPT_DAYS: Final = 7
"""AWS deletes what it knows of a task after so many days [D va-data-retention]."""

STATUS_PROPERTY: Final = "speaker_search_task_status"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentStatus:
    """The consent of a search.

    Attributes:
        text: `valid`, or what is wrong with it.
        in_force: Whether a search may run under it today.
        days_left: After today, up to its last day; None where it is not in force.
        withdrawn_on: The day on which state took the withdrawal up, at the latest; no tag tells the day itself.
    """

    text: str
    in_force: bool
    record: str | None
    expires: str | None
    days_left: int | None = None
    withdrawn_on: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchStatus:
    """One search of the stack.

    Attributes:
        status: AWS's word, or `gone`; None where AWS was asked for nothing, or does not answer.
        outcome: In this project's words (`lifecycle/outcome.py`); None where it can't be told.
        pipeline_goes_on: Whether its pipeline runs though the search is over.
        wrong: What somebody has to look at.
        unread: Why it, or something that has a say in it, could not be looked at.
    """

    name: str
    task_id: str | None
    pipeline_id: str | None
    region: str | None
    consent: ConsentStatus
    status: str | None = None
    outcome: str | None = None
    since: str | None = None
    pipeline_goes_on: bool = False
    wrong: tuple[str, ...] = ()
    unread: str | None = None

    @property
    def listens(self) -> bool:
        """Whether it listens, or may."""
        return self.outcome is not None and self.outcome not in {one.value for one in FINAL}


def consent_of(resource: RecordedResource, today: date) -> ConsentStatus:
    """Judge the declared consent of a task."""
    tags = _texts(resource.properties.get("tags"))
    faults = not_in_force(tags, today=today)
    expires, status = tags.get(PREFIX + "expires"), tags.get(PREFIX + "status")
    broken = [*missing(tags), *malformed(tags)]
    withdrawn = next((one for one in faults if one.key.endswith("status")), None)
    text = "; ".join(f"{fault.key} {fault.fault}" for fault in [*broken, *faults]) or "valid"
    if faults and not broken:
        text = str(status) if withdrawn else f"over, last day {expires}"
    return ConsentStatus(
        text=text,
        in_force=not (broken or faults),
        record=tags.get(RECORD_REF),
        expires=expires,
        days_left=None if broken or faults else (date.fromisoformat(str(expires)) - today).days,
        withdrawn_on=(resource.modified or "")[:10] or None if withdrawn else None,
    )


def not_started(resource: RecordedResource, today: date) -> SearchStatus:
    """A search that was declared with `listen` off: AWS was asked for nothing."""
    return SearchStatus(
        name=resource.name,
        task_id=None,
        pipeline_id=resource.pipeline_id,
        region=resource.region,
        consent=consent_of(resource, today),
        outcome=Outcome.ENDED.value,
    )


def unread(resource: RecordedResource, why: str, today: date) -> SearchStatus:
    """A search that could not be looked at."""
    return SearchStatus(
        name=resource.name,
        task_id=resource.id,
        pipeline_id=resource.pipeline_id,
        region=resource.region,
        consent=consent_of(resource, today),
        unread=why,
    )


def look(aws: Aws, resource: RecordedResource, pipeline_id: str, pipeline_arn: str | None) -> SearchStatus:
    """Ask AWS about one search.

    Args:
        pipeline_id: The pipeline that it is on.
        pipeline_arn: The same, where it is known: it carries tags.

    Raises:
        SpeakerSearchError: AWS refused, or did not answer.
    """
    now = aws.clock.now()
    consent = consent_of(resource, now.date())
    deadline = aws.clock.monotonic() + CALL_SECONDS
    task_id = str(resource.id)
    age = resource.age_seconds(now)
    arn = pipeline_arn or resource.chime_arn
    task = (
        task_life.find_confirmed(
            aws,
            pipeline_id,
            task_id,
            domain_arn=arn,
            deadline=aws.clock.monotonic() + LOOK_SECONDS,
            age_seconds=age,
        )
        if arn
        else task_life.find(aws, pipeline_id, task_id, deadline=deadline)
    )
    outcome = outcome_of(task.status, age_seconds=age or 0.0) if task else Outcome.GONE
    goes_on, live, unread_pipeline = _look_at_pipeline(aws, pipeline_id, deadline)
    listens = outcome not in FINAL
    drift = list(_drift(resource, live)) if live is not None and listens else []
    withdrawn, unread_part = _withdrawn_parts(aws, resource, deadline) if listens else ([], None)
    return SearchStatus(
        name=resource.name,
        task_id=task_id,
        pipeline_id=pipeline_id,
        region=resource.region,
        consent=consent,
        status=task.status if task else "gone",
        outcome=outcome.value,
        since=iso(task.created) if task and task.created else None,
        pipeline_goes_on=goes_on and not listens,
        wrong=(
            *_wrong_outcome(resource, outcome, age),
            *_wrong_consent(consent, outcome),
            *drift,
            *withdrawn,
        ),
        unread="; ".join(filter(None, (unread_pipeline, unread_part))) or None,
    )


def _withdrawn_parts(aws: Aws, resource: RecordedResource, deadline: float) -> tuple[list[str], str | None]:
    """Which of domain and stream carry a consent in AWS that is not in force, and why one could not be read."""
    withdrawn, unread_part = [], None
    source = resource.properties.get("kinesis_video_stream_source_task_configuration")
    stream_arn = source.get("stream_arn") if isinstance(source, Mapping) else None
    parts = (
        ("domain", VOICE, resource.text("voice_profile_domain_arn")),
        ("stream", KINESIS_VIDEO, stream_arn),
    )
    for noun, service, arn in parts:
        if not isinstance(arn, str):
            continue
        try:
            tags = _shared_tags(aws, service, arn, deadline)
        except SpeakerSearchError as failed:
            unread_part = f"the tags of its {noun}: {failed.what}"
            continue
        why = _why_in_doubt(tags, aws.clock.now().date())
        if why:
            withdrawn.append(f"IT LISTENS, and the consent on its {noun} {why} in AWS")
    return withdrawn, unread_part


def _why_in_doubt(tags: Mapping[str, str], today: date) -> str | None:
    """Say why tags in AWS do not speak for a consent that holds; None where they do, or say nothing."""
    keys = [fault.key for fault in in_doubt(tags, today=today)]
    status, expires = PREFIX + "status", PREFIX + "expires"
    if status in keys:
        return f"is {tags[status]}" if tags[status] else f"has an empty {status}"
    if expires in keys:
        is_day = any(fault.key == expires for fault in not_in_force(tags, today=today))
        return "is over" if is_day else f"has a {expires} that is no day"
    return None


def _shared_tags(aws: Aws, service: str, arn: str, deadline: float) -> dict[str, str]:
    subject = Subject(kind="tags", id=arn)
    return aws.memory.shared_tags(
        arn,
        aws.clock.monotonic,
        lambda: consent_at_start.tags_of(aws, service, arn, subject=subject, deadline=deadline),
    )


def _look_at_pipeline(
    aws: Aws, pipeline_id: str, deadline: float
) -> tuple[bool, Mapping[str, str] | None, str | None]:
    """Whether the pipeline runs, the tags that it carries, and why one of both could not be read."""
    subject = Subject(kind=media_insights_pipeline.KIND, id=pipeline_id)
    runs = False
    try:
        pipeline = media_insights_pipeline.find(aws, pipeline_id, timeout_seconds=CALL_SECONDS)
        if pipeline is None or pipeline.status in ENDED:
            return False, None, None
        runs = True
        tags = consent_at_start.tags_of(
            aws, MEDIA_PIPELINES, pipeline.arn, subject=subject, deadline=deadline
        )
    except NotFoundError:
        return runs, None, None
    except SpeakerSearchError as failed:
        return runs, None, f"its pipeline: {failed.what}"
    return True, tags, None


def _wrong_outcome(resource: RecordedResource, outcome: Outcome, age: float | None) -> Iterator[str]:
    recorded = recorded_outcome(resource.properties, STATUS_PROPERTY)
    if outcome is Outcome.FAILED:
        yield "AWS says that it failed"
    if outcome is Outcome.GONE and recorded not in FINAL:
        days = (age or 0.0) / 86400
        if days < RESULTS_KEPT_DAYS:
            yield "AWS does not know it any more, and nobody has seen it end"
    if outcome not in FINAL and recorded in FINAL:
        yield f"it listens, and state says {recorded.value}"
    if outcome not in FINAL and resource.properties.get("listen") is False:
        yield "it listens, and is declared not to"


def _wrong_consent(consent: ConsentStatus, outcome: Outcome) -> Iterator[str]:
    if not consent.in_force and outcome not in FINAL:
        yield "IT LISTENS WITHOUT CONSENT"


def _drift(resource: RecordedResource, live: Mapping[str, str]) -> Iterator[str]:
    """Where the consent on the pipeline in AWS is another one than is declared."""
    declared = _texts(resource.properties.get("tags"))
    status = live.get(PREFIX + "status")
    if status not in (None, STATUS_GIVEN) and declared.get(PREFIX + "status") == STATUS_GIVEN:
        yield f"IT LISTENS, and its consent is {status} in AWS"
    changed = sorted(
        key for key, value in declared.items() if key.startswith(PREFIX) and live.get(key, value) != value
    )
    missing_keys = sorted(key for key in declared if key.startswith(PREFIX) and key not in live)
    if changed:
        yield f"the pipeline carries another {', '.join(changed)} in AWS than is declared"
    if missing_keys and len(missing_keys) < sum(key.startswith(PREFIX) for key in declared):
        yield f"the pipeline has lost {', '.join(missing_keys)} in AWS"


def _texts(tags: Any) -> dict[str, str]:
    """Tags as texts; secrets are left out, because they are not read here."""
    pairs = tags.items() if isinstance(tags, Mapping) else ()
    return {str(key): value for key, value in pairs if isinstance(value, str)}


def today_of() -> date:
    """Return the day, in UTC, on which consents are judged."""
    return datetime.now(UTC).date()
