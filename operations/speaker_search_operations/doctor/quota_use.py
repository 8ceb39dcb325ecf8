"""Count what uses AWS's quotas, and compare with the applied values or AWS's documented defaults."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pulumi_speaker_search.lifecycle import analysis_task
from pulumi_speaker_search.lifecycle.aws_call import Aws, Call, send
from pulumi_speaker_search.lifecycle.aws_client import MEDIA_PIPELINES, VOICE, AwsSettings, client
from pulumi_speaker_search.lifecycle.errors import NotFoundError, Subject
from pulumi_speaker_search.lifecycle.outcome import FINAL, recorded_outcome
from pulumi_speaker_search.lifecycle.quotas import (
    CONFIGURATIONS,
    PIPELINES,
    VOICE_PROFILE_DOMAINS,
    VOICE_PROFILES,
    Quota,
)
from pulumi_speaker_search.lifecycle.rate import pace_of
from pulumi_speaker_search.lifecycle.stack_record import RecordedResource, StackRecord
from pulumi_speaker_search.lifecycle.status import ENDED
from pulumi_speaker_search.lifecycle.task_kinds import ANALYSIS_TASKS, AnalysisTaskKind

from .applied_quotas import AppliedQuotas, Limit
from .check import Check, Probe, Verdict
from .paging import items

NEARLY_FULL: Final = 0.8
PART_FOR_APPLIED: Final = 0.1
"""Part of the time during which Service Quotas is asked again."""

PERMISSIONS: Final = (
    "See the checks credentials and endpoint. docs/permissions/doctor.json has the actions that are needed."
)
ASK_FOR_MORE: Final = "ask AWS for a higher quota (Service Quotas, Amazon Chime SDK)."
REMEDIES: Final[Mapping[Quota, str]] = {
    PIPELINES: f"`speaker-search sweep --finished` deletes pipelines whose searches have ended; or {ASK_FOR_MORE}",
    CONFIGURATIONS: f"Delete configurations that no pipeline uses, or {ASK_FOR_MORE}",
    VOICE_PROFILE_DOMAINS: f"Share a domain between stacks, or {ASK_FOR_MORE}",
    VOICE_PROFILES: f"Delete profiles whose consent is over (`speaker-search expiring`), or {ASK_FOR_MORE}",
    **{kind.quota: f"`speaker-search stop NAME` ends a task; or {ASK_FOR_MORE}" for kind in ANALYSIS_TASKS},
}
PER_START: Final = frozenset({PIPELINES, *(kind.quota for kind in ANALYSIS_TASKS)})
"""Quotas without room for which the next start fails; the others are for what is created once."""

MOST_DOMAINS: Final = 5
"""Domains that are named; the fullest come first."""


@dataclass(frozen=True)
class Counting:
    """What the counts of one region need.

    Attributes:
        deadline: On `aws.clock.monotonic()`.
        record: The stack; None without one.
    """

    aws: Aws
    region: str
    applied: AppliedQuotas
    deadline: float
    record: StackRecord | None = None

    def items(self, call: Call, member: str) -> Iterator[Mapping[str, Any]]:
        """Yield the members of a list in every page of it."""
        yield from items(self.aws, call, member, self.deadline)


def _list(service: str, operation: str, what: str, **parameters: Any) -> Call:
    return Call(
        service=service, operation=operation, parameters=parameters, action="list", subject=Subject(kind=what)
    )


def quota_probes(
    settings: AwsSettings, record: StackRecord | None, timeout_seconds: float
) -> Iterator[Probe]:
    """Yield a probe for each quota in the region of the settings."""
    aws = Aws(get_client=lambda service: client(settings, service), pace=pace_of(settings))
    deadline = aws.clock.monotonic() + timeout_seconds
    counting = Counting(
        aws, str(settings.region), AppliedQuotas(aws, timeout_seconds * PART_FOR_APPLIED), deadline, record
    )
    counts: dict[Quota, Callable[[], Check]] = {
        PIPELINES: lambda: pipelines_check(counting),
        CONFIGURATIONS: lambda: _check(counting, CONFIGURATIONS, configurations(counting)),
        VOICE_PROFILE_DOMAINS: lambda: _check(counting, VOICE_PROFILE_DOMAINS, len(domains(counting))),
        VOICE_PROFILES: lambda: profiles_check(counting),
    }
    for kind in ANALYSIS_TASKS:
        counts[kind.quota] = _tasks_check_of(counting, kind)
    for quota, count in counts.items():
        yield Probe(_name(quota), _alone(count), PERMISSIONS, settings.region)


def _tasks_check_of(counting: Counting, kind: AnalysisTaskKind) -> Callable[[], Check]:
    return lambda: tasks_check(counting, kind)


def _alone(count: Callable[[], Check]) -> Callable[[], Sequence[Check]]:
    return lambda: [count()]


def _name(quota: Quota) -> str:
    return f"quota {quota.resources}"


def pipelines_check(counting: Counting) -> Check:
    """Compare the active pipelines with their quota."""
    return _check(counting, PIPELINES, active_pipelines(counting))


def active_pipelines(counting: Counting) -> int:
    """Count the media insights pipelines that have not ended. AWS lists pipelines of every kind, without a status."""
    listed = counting.items(
        _list(MEDIA_PIPELINES, "list_media_pipelines", "media pipelines"), "MediaPipelines"
    )
    return sum(_is_active(counting, str(one["MediaPipelineId"])) for one in listed)


def _is_active(counting: Counting, pipeline_id: str) -> bool:
    call = Call(
        service=MEDIA_PIPELINES,
        operation="get_media_pipeline",
        parameters={"MediaPipelineId": pipeline_id},
        action="read",
        subject=Subject(kind="media pipeline", id=pipeline_id),
    )
    try:
        answer = send(counting.aws, call, deadline=counting.deadline)
    except NotFoundError:  # it has ended since it was listed
        return False
    pipeline = answer["MediaPipeline"].get("MediaInsightsPipeline")
    return pipeline is not None and pipeline["Status"] not in ENDED


def configurations(counting: Counting) -> int:
    """Count the pipeline configurations."""
    call = _list(
        MEDIA_PIPELINES,
        "list_media_insights_pipeline_configurations",
        "media insights pipeline configurations",
    )
    return sum(1 for _ in counting.items(call, "MediaInsightsPipelineConfigurations"))


def domains(counting: Counting) -> list[str]:
    """Return the ids of the voice profile domains."""
    call = _list(VOICE, "list_voice_profile_domains", "voice profile domains")
    return [str(one["VoiceProfileDomainId"]) for one in counting.items(call, "VoiceProfileDomains")]


def profiles_check(counting: Counting) -> Check:
    """Compare the profiles of each domain with the quota of a domain."""
    used = {domain: _profiles(counting, domain) for domain in domains(counting)}
    fullest = sorted(used.items(), key=lambda item: (-item[1], item[0]))
    most = fullest[0][1] if fullest else 0
    limit = counting.applied.limit(VOICE_PROFILES)
    named = "; ".join(f"domain {domain}: {_words(count, limit)}" for domain, count in fullest[:MOST_DOMAINS])
    more = f"; and {len(fullest) - MOST_DOMAINS} domains with no more" if len(fullest) > MOST_DOMAINS else ""
    found = (
        f"{named}{more} ({limit.source})."
        if named
        else f"There is no domain; {limit.value} each ({limit.source})."
    )
    return _judged(counting, VOICE_PROFILES, most, limit, found)


def _profiles(counting: Counting, domain_id: str) -> int:
    call = _list(VOICE, "list_voice_profiles", "voice profiles", VoiceProfileDomainId=domain_id)
    return sum(1 for _ in counting.items(call, "VoiceProfiles"))


def tasks_check(counting: Counting, kind: AnalysisTaskKind) -> Check:
    """Compare the tasks of the stack that are active in AWS with the quota. AWS can't list tasks."""
    if counting.record is None:
        return Check(
            name=_name(kind.quota),
            verdict=Verdict.UNKNOWN,
            found="AWS can't list tasks, and without a stack none is known.",
            remedy="Give the folder of the project with --cwd, and --stack.",
            region=counting.region,
        )
    record = counting.record
    used = sum(
        _runs(counting, record, task, kind)
        for task in record.tasks
        if task.task_kind is kind and task.region in (None, counting.region)
    )
    limit = counting.applied.limit(kind.quota)
    known = f"known to this stack; AWS can't list those of others ({limit.source})."
    return _judged(counting, kind.quota, used, limit, f"{_words(used, limit)}, {known}")


def _runs(counting: Counting, record: StackRecord, task: RecordedResource, kind: AnalysisTaskKind) -> bool:
    """Return whether AWS shows the task as active. One whose end is in state is not asked for."""
    pipeline_id = record.pipeline_of(task)
    if task.id is None or pipeline_id is None:
        return False
    if recorded_outcome(task.properties, kind.status_output) in FINAL:
        return False
    found = analysis_task.find(counting.aws, kind, pipeline_id, task.id, deadline=counting.deadline)
    return found is not None and found.status not in ENDED


def _check(counting: Counting, quota: Quota, used: int) -> Check:
    limit = counting.applied.limit(quota)
    return _judged(counting, quota, used, limit, f"{_words(used, limit)} ({limit.source}).")


def _words(used: int, limit: Limit) -> str:
    return f"{used} of {limit.value} in use, {max(limit.value - used, 0)} left"


def _judged(counting: Counting, quota: Quota, used: int, limit: Limit, found: str) -> Check:
    verdict = Verdict.OK
    if used > limit.value and not limit.is_applied:
        found = f"{used} in use: the quota is higher than {limit.source}, and its applied value is not known."
        return Check(
            name=_name(quota),
            verdict=Verdict.UNKNOWN,
            found=found,
            remedy=PERMISSIONS,
            region=counting.region,
        )
    if used >= limit.value:
        verdict = Verdict.PROBLEM if quota in PER_START else Verdict.WARNING
    elif used >= NEARLY_FULL * limit.value:
        verdict = Verdict.WARNING
    remedy = None if verdict is Verdict.OK else REMEDIES[quota]
    return Check(name=_name(quota), verdict=verdict, found=found, remedy=remedy, region=counting.region)
