"""The ledger: tags on a pipeline that record which tasks were started on it.

AWS can neither list nor tag speaker search tasks, but it lists and tags pipelines. A start therefore writes its intent
to the pipeline's tags, starts the task, and then writes the task's id; when the task ends, the entry is deleted. After
a crash, and without any state, the tags still show what was started. `speaker-search sweep` reads them.

An entry is up to four tags, written and removed by one call each, named after a hash of the resource's URN:

| key | value |
| --- | --- |
| `speaker-search:task:<hash>` | `intent` or the task's id, token, time, stack's hash, channel; `/` between |
| `speaker-search:fragment:<hash>` | the fragment number, or `-` |
| `speaker-search:stream:<hash>` | the stream's ARN, if it has no more than 256 characters |
| `speaker-search:domain:<hash>` | the domain's ARN, likewise |

With the last three, the start of an intent without an id can be replayed from AWS's data alone. A pipeline has the tag
`speaker-search:pipeline` from its creation on: a token and a stack's hash. The stack is the one that holds the pipeline
or task (`holder`). Hashes keep names of stacks and resources out of the tags. The value of a voice
tone analysis ends with one more part, `tone` (ADR 0023).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from .aws_call import NO_RETRIES, Aws, Call, RetryWindows, send
from .aws_client import MEDIA_PIPELINES
from .consent_gate import fetch_tags
from .errors import NoRoomError, Subject
from .task_kinds import ANALYSIS_TASKS, AnalysisTaskKind
from .tokens import short_hash

PREFIX: Final = "speaker-search:"
TASK: Final = PREFIX + "task:"
FRAGMENT: Final = PREFIX + "fragment:"
STREAM: Final = PREFIX + "stream:"
DOMAIN: Final = PREFIX + "domain:"
PIPELINE: Final = PREFIX + "pipeline"
"""Running pipelines carry these tag keys: they change only with a migration."""

INTENT: Final = "intent"
NO_FRAGMENT: Final = "-"
TIME_FORMAT: Final = "%Y%m%dT%H%M%SZ"
VALUE_MAX_LENGTH: Final = 256

TOKEN_REPLAY_WINDOW_SECONDS: Final = 300
"""Maximum age of an intent whose start may be replayed. AWS does not document how long it remembers a token; a replay
after that would start a new task, which is stopped at once. Others of its services keep tokens for minutes to a day."""

MAX_CLOCK_SKEW_SECONDS: Final = 60
"""How far in the future the time of an intent may be, because another machine wrote it."""

MAX_TAGS: Final = 50
"""Maximum number of tags on a pipeline. One request takes up to 200 [M]; AWS's usual limit for a resource is 50, and
Chime's own is not documented, so the lower limit holds here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One task in the ledger.

    Attributes:
        resource_hash: Hash of the URN of the resource that started it.
        token: ClientRequestToken of the start.
        recorded_at: Time at which the intent was written.
        stack_hash: Hash of project and name of the stack that holds it; at first the stack that started it.
        task_id: None for an intent.
        stream_arn, domain_arn: None if they did not fit into a tag.
        kind: Type of the task.
    """

    resource_hash: str
    token: str
    recorded_at: datetime
    stack_hash: str
    channel_id: int
    fragment_number: str | None = None
    task_id: str | None = None
    stream_arn: str | None = None
    domain_arn: str | None = None
    kind: AnalysisTaskKind

    def is_replayable(self, now: datetime) -> bool:
        """Return whether its start may be replayed; not if its time is far in the future, as anyone may write tags."""
        age_seconds = (now - self.recorded_at).total_seconds()
        return -MAX_CLOCK_SKEW_SECONDS <= age_seconds < TOKEN_REPLAY_WINDOW_SECONDS

    def competes_for(self, kind: AnalysisTaskKind, stream_arn: str, channel_id: int) -> bool:
        """Return whether a start of this kind on this stream and channel would be the second one."""
        return self.kind == kind and self.may_listen_to(stream_arn, channel_id)

    def may_listen_to(self, stream_arn: str, channel_id: int) -> bool:
        """Return whether it is for this stream and channel, or may be, because its stream did not fit into a tag."""
        return self.channel_id == channel_id and self.stream_arn in (None, stream_arn)


def resource_hash(origin: str) -> str:
    """Return the hash of the resource with this URN."""
    return short_hash(origin)


def stack_hash(origin: str) -> str:
    """Return the hash of the stack of the resource with this URN, `urn:pulumi:STACK::PROJECT::…`."""
    return short_hash("::".join(origin.split("::")[:2]))


def to_tags(entry: Entry, *, room: int = 4) -> dict[str, str]:
    """Return the entry as at most `room` tags, without those that are too long.

    If there is not enough room, the tag of the domain is left out first, then that of the stream. Without a fragment,
    the tag of the fragment is left out before both, because a missing tag means the same.
    """
    parts = (
        entry.task_id or INTENT,
        entry.token,
        entry.recorded_at.astimezone(UTC).strftime(TIME_FORMAT),
        entry.stack_hash,
        str(entry.channel_id),
        *((entry.kind.ledger_mark,) if entry.kind.ledger_mark else ()),
    )
    tags = {TASK + entry.resource_hash: "/".join(parts)}
    fragment = {FRAGMENT + entry.resource_hash: entry.fragment_number or NO_FRAGMENT}
    arns = {
        prefix + entry.resource_hash: arn
        for prefix, arn in ((STREAM, entry.stream_arn), (DOMAIN, entry.domain_arn))
        if arn and len(arn) <= VALUE_MAX_LENGTH
    }
    optional = {**fragment, **arns} if entry.fragment_number else {**arns, **fragment}
    if len(optional) >= room and not entry.fragment_number:
        optional = arns
    for key, value in list(optional.items())[: room - 1]:
        tags[key] = value
    return tags


def keys_of(resource: str) -> list[str]:
    """Return the keys of all tags that the entry of a resource (its hash) may have."""
    return [prefix + resource for prefix in (TASK, FRAGMENT, STREAM, DOMAIN)]


def room_for(resource: str, tags: Mapping[str, str]) -> int:
    """Return how many tags an entry of `resource` (its hash) may have beside the other tags of the pipeline."""
    own = set(keys_of(resource))
    return MAX_TAGS - sum(key not in own for key in tags)


def from_tags(tags: Mapping[str, str]) -> tuple[list[Entry], list[str]]:
    """Return the entries among a pipeline's tags, and the keys of ledger tags that can't be read."""
    entries, unreadable = [], []
    for key, value in tags.items():
        if not key.startswith(TASK):
            continue
        entry = _parse(key.removeprefix(TASK), value, tags)
        if entry:
            entries.append(entry)
        else:
            unreadable.append(key)
    return entries, unreadable


_PARTS: Final = 5
_KIND_OF_MARK: Final = {kind.ledger_mark: kind for kind in ANALYSIS_TASKS}
"""An entry of a search has no mark."""


def _parse(resource: str, value: str, tags: Mapping[str, str]) -> Entry | None:
    parts = value.split("/")
    kind = _KIND_OF_MARK.get(parts[_PARTS] if len(parts) > _PARTS else None)
    if kind is None or len(parts) not in (_PARTS, _PARTS + 1) or not parts[4].isdigit():
        return None
    try:
        recorded_at = datetime.strptime(parts[2], TIME_FORMAT).replace(tzinfo=UTC)
    except ValueError:
        return None
    fragment = tags.get(FRAGMENT + resource, NO_FRAGMENT)
    return Entry(
        resource_hash=resource,
        token=parts[1],
        recorded_at=recorded_at,
        stack_hash=parts[3],
        channel_id=int(parts[4]),
        fragment_number=None if fragment == NO_FRAGMENT else fragment,
        task_id=None if parts[0] == INTENT else parts[0],
        stream_arn=tags.get(STREAM + resource),
        domain_arn=tags.get(DOMAIN + resource),
        kind=kind,
    )


def without_ledger(tags: Mapping[str, str]) -> dict[str, str]:
    """Return the tags without those of the ledger, which never count as drift."""
    return {key: value for key, value in tags.items() if not key.startswith(PREFIX)}


def get_tags(
    aws: Aws,
    pipeline_arn: str,
    *,
    subject: Subject,
    deadline: float,
    retry_windows: RetryWindows = NO_RETRIES,
) -> dict[str, str]:
    """Return all tags of a pipeline; from memory if this process has just created it.

    Raises:
        SpeakerSearchError: AWS refused to list the tags. For an ended pipeline that may be `NotFoundError`.
    """
    known = aws.memory.tags(pipeline_arn, aws.clock.monotonic())
    if known is not None:
        return known
    return fetch_tags(
        aws, MEDIA_PIPELINES, pipeline_arn, subject=subject, deadline=deadline, retry_windows=retry_windows
    )


def put_entry(
    aws: Aws,
    pipeline_arn: str,
    entry: Entry,
    *,
    subject: Subject,
    deadline: float,
    present: Mapping[str, str] | None = None,
    retry_windows: RetryWindows = NO_RETRIES,
) -> None:
    """Write an entry, or replace it.

    Args:
        present: Present tags of the pipeline, which decide how many tags fit; None if they are unknown.

    Raises:
        NoRoomError: There is no room for a tag, so that a lost task could not be found again.
    """
    room = 4 if present is None else room_for(entry.resource_hash, present)
    if room < 1:
        raise NoRoomError(
            f"the pipeline already has {MAX_TAGS} tags, so there is no room for the ledger entry of the task",
            action="start",
            subject=subject,
            remedy="Nothing was started. Remove tags from the declaration of the pipeline.",
        )
    put_tags(
        aws,
        pipeline_arn,
        to_tags(entry, room=min(room, 4)),
        subject=subject,
        deadline=deadline,
        retry_windows=retry_windows,
    )


def put_tags(
    aws: Aws,
    pipeline_arn: str,
    tags: Mapping[str, str],
    *,
    subject: Subject,
    deadline: float,
    retry_windows: RetryWindows = NO_RETRIES,
) -> None:
    """Write ledger tags with one call."""
    listed = [{"Key": key, "Value": value} for key, value in tags.items()]
    _send(aws, "tag_resource", pipeline_arn, {"Tags": listed}, subject, deadline, retry_windows)
    aws.memory.wrote(pipeline_arn, tags)


def delete_entries(
    aws: Aws, pipeline_arn: str, resources: Iterable[str], *, subject: Subject, deadline: float
) -> None:
    """Delete the entries of some resources (their hashes) with one call."""
    keys = [key for resource in resources for key in keys_of(resource)]
    _send(aws, "untag_resource", pipeline_arn, {"TagKeys": keys}, subject, deadline)
    aws.memory.wrote(pipeline_arn, {}, gone=keys)


def _send(
    aws: Aws,
    operation: str,
    pipeline_arn: str,
    more: Mapping[str, Any],
    subject: Subject,
    deadline: float,
    retry_windows: RetryWindows = NO_RETRIES,
) -> None:
    send(
        aws,
        Call(
            service=MEDIA_PIPELINES,
            operation=operation,
            parameters={"ResourceARN": pipeline_arn, **more},
            action="write the ledger of",
            subject=subject,
            serialize_on=(pipeline_arn,),
            retry_windows=retry_windows,
        ),
        deadline=deadline,
    )
