"""The ledger: what we started, written where AWS can be asked, on the pipeline's tags.

AWS can't list speaker search tasks and can't tag them, but it lists pipelines and tags them. So a start first
writes its intent on the pipeline, then starts, then writes the task's id; the end takes the entry off. Whoever
crashed, and wherever the state is, AWS itself knows what was started. `speaker-search sweep` reads it.

An entry is up to four tags, written and removed by one call each, named after a hash of the resource's URN:

| key | value |
| --- | --- |
| `speaker-search:task:<hash>` | `intent` or the task's id, token, time, stack's hash, channel; `/` between |
| `speaker-search:fragment:<hash>` | the fragment number, or `-` |
| `speaker-search:stream:<hash>` | the stream's ARN, where it fits into 256 characters |
| `speaker-search:domain:<hash>` | the domain's ARN, likewise |

With the last three an intent without an id can be asked again from AWS's own data. A pipeline carries
`speaker-search:pipeline` from its creation on: a token and a stack's hash. The stack is the one that holds the pipeline
or task (`holder`). Hashes keep names of stacks and resources out of the tags.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from .aws_call import NO_RETRIES, Aws, Call, RetryWindows, send
from .aws_client import MEDIA_PIPELINES
from .consent_at_start import tags_of
from .errors import NoRoomError, Subject
from .tokens import short_hash

PREFIX: Final = "speaker-search:"
TASK: Final = PREFIX + "task:"
FRAGMENT: Final = PREFIX + "fragment:"
STREAM: Final = PREFIX + "stream:"
DOMAIN: Final = PREFIX + "domain:"
PIPELINE: Final = PREFIX + "pipeline"
"""Tag keys are promises to what runs: they change only with a migration."""

INTENT: Final = "intent"
NO_FRAGMENT: Final = "-"
TIME_FORMAT: Final = "%Y%m%dT%H%M%SZ"
VALUE_MAX_LENGTH: Final = 256

FRESH_SECONDS: Final = 300
"""How old an intent may be for its token to be asked again. AWS documents no window within which a token is
remembered; past it, asking would start a new task. Idempotency tokens of other AWS services live for minutes to
a day, so five minutes is on the safe side, and what such a question starts is stopped at once."""

CLOCK_SKEW_SECONDS: Final = 60
"""How far in the future an intent of another machine may lie."""

MAX_TAGS: Final = 50
"""Tags on a pipeline. 200 is the most for one request [M]; AWS's usual limit of a resource is 50, and Chime's own is
documented nowhere, so what fits into 50 fits in any case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One task in the ledger.

    Attributes:
        resource: Hash of the URN of the resource that asked for it.
        token: The ClientRequestToken that it was, or was to be, started with.
        written: When the intent was written.
        stack: Hash of project and stack of the stack that holds it, which at first is the one that started it.
        task_id: None as long as there is only the intent.
        stream_arn, domain_arn: None where they did not fit into a tag.
    """

    resource: str
    token: str
    written: datetime
    stack: str
    channel_id: int
    fragment_number: str | None = None
    task_id: str | None = None
    stream_arn: str | None = None
    domain_arn: str | None = None

    def is_fresh(self, now: datetime) -> bool:
        """Whether its token may be asked again. A date in the future is no proof of that: anybody may write tags."""
        age_seconds = (now - self.written).total_seconds()
        return -CLOCK_SKEW_SECONDS <= age_seconds < FRESH_SECONDS

    def may_listen_to(self, stream_arn: str, channel_id: int) -> bool:
        """Tell whether it is for this stream and channel; one whose stream did not fit into a tag may be."""
        return self.channel_id == channel_id and self.stream_arn in (None, stream_arn)


def resource_hash(origin: str) -> str:
    """Return the hash that stands for the resource with this URN."""
    return short_hash(origin)


def stack_hash(origin: str) -> str:
    """Return the hash that stands for the stack of the resource with this URN, `urn:pulumi:STACK::PROJECT::…`."""
    return short_hash("::".join(origin.split("::")[:2]))


def to_tags(entry: Entry, *, room: int = 4) -> dict[str, str]:
    """Return the entry as at most `room` tags, without those that would be too long.

    Where there is not room for all, the domain's goes first, then the stream's. The fragment's is not written where
    there is no fragment and no room: a missing one means the same.
    """
    parts = (
        entry.task_id or INTENT,
        entry.token,
        entry.written.astimezone(UTC).strftime(TIME_FORMAT),
        entry.stack,
        str(entry.channel_id),
    )
    tags = {TASK + entry.resource: "/".join(parts)}
    fragment = {FRAGMENT + entry.resource: entry.fragment_number or NO_FRAGMENT}
    arns = {
        prefix + entry.resource: arn
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
    """Return the keys of every tag that the entry of a resource (hash) may have."""
    return [prefix + resource for prefix in (TASK, FRAGMENT, STREAM, DOMAIN)]


def room_for(resource: str, tags: Mapping[str, str]) -> int:
    """Return how many tags an entry of `resource` may have beside what the pipeline carries."""
    own = set(keys_of(resource))
    return MAX_TAGS - sum(key not in own for key in tags)


def from_tags(tags: Mapping[str, str]) -> tuple[list[Entry], list[str]]:
    """Return the entries among a pipeline's tags, and the keys of ours that can't be read."""
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


def _parse(resource: str, value: str, tags: Mapping[str, str]) -> Entry | None:
    parts = value.split("/")
    if len(parts) != _PARTS or not parts[4].isdigit():
        return None
    try:
        written = datetime.strptime(parts[2], TIME_FORMAT).replace(tzinfo=UTC)
    except ValueError:
        return None
    fragment = tags.get(FRAGMENT + resource, NO_FRAGMENT)
    return Entry(
        resource=resource,
        token=parts[1],
        written=written,
        stack=parts[3],
        channel_id=int(parts[4]),
        fragment_number=None if fragment == NO_FRAGMENT else fragment,
        task_id=None if parts[0] == INTENT else parts[0],
        stream_arn=tags.get(STREAM + resource),
        domain_arn=tags.get(DOMAIN + resource),
    )


def without_ledger(tags: Mapping[str, str]) -> dict[str, str]:
    """Return a user's own tags: ours never show as drift."""
    return {key: value for key, value in tags.items() if not key.startswith(PREFIX)}


def tags_on(
    aws: Aws,
    pipeline_arn: str,
    *,
    subject: Subject,
    deadline: float,
    retry_windows: RetryWindows = NO_RETRIES,
) -> dict[str, str]:
    """Return all tags of a pipeline, from memory where this process made it a moment ago.

    Raises:
        SpeakerSearchError: AWS refused. An ended pipeline may answer "not found".
    """
    known = aws.memory.tags(pipeline_arn, aws.clock.monotonic())
    if known is not None:
        return known
    return tags_of(
        aws, MEDIA_PIPELINES, pipeline_arn, subject=subject, deadline=deadline, retry_windows=retry_windows
    )


def write(
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
        present: The tags that the pipeline carries, which leave room for some; None where that is not known.

    Raises:
        NoRoomError: The pipeline carries as many tags as it may, so that a lost task could not be found again.
    """
    room = 4 if present is None else room_for(entry.resource, present)
    if room < 1:
        raise NoRoomError(
            f"the pipeline carries {MAX_TAGS} tags already, so that the ledger entry of the task does not fit",
            action="start",
            subject=subject,
            remedy="Nothing was started. Take tags off the pipeline's declaration.",
        )
    put(
        aws,
        pipeline_arn,
        to_tags(entry, room=min(room, 4)),
        subject=subject,
        deadline=deadline,
        retry_windows=retry_windows,
    )


def put(
    aws: Aws,
    pipeline_arn: str,
    tags: Mapping[str, str],
    *,
    subject: Subject,
    deadline: float,
    retry_windows: RetryWindows = NO_RETRIES,
) -> None:
    """Write tags of the ledger by one call."""
    listed = [{"Key": key, "Value": value} for key, value in tags.items()]
    _send(aws, "tag_resource", pipeline_arn, {"Tags": listed}, subject, deadline, retry_windows)
    aws.memory.wrote(pipeline_arn, tags)


def forget(
    aws: Aws, pipeline_arn: str, resources: Iterable[str], *, subject: Subject, deadline: float
) -> None:
    """Take the entries of some resources (hashes) off."""
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
