"""The pipelines of a region that carry a ledger or are in a stack's state, read one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final, TypeVar

from . import consent_gate, ledger, media_insights_pipeline
from .aws_call import Aws, Call, send
from .aws_client import MEDIA_PIPELINES
from .errors import NotFoundError, SpeakerSearchError, Subject
from .holder import holder_in
from .media_insights_pipeline import Pipeline
from .orphans import Unread
from .stack_record import StackRecord
from .status import ENDED

CALL_SECONDS: Final = 60.0
WORKERS: Final = 8
"""Number of pipelines that are read at the same time; `rate` limits the requests."""

Item = TypeVar("Item")
Result = TypeVar("Result")


@dataclass(frozen=True)
class Carrier:
    """A running pipeline and its tags."""

    pipeline: Pipeline
    tags: dict[str, str]

    @property
    def entries(self) -> list[ledger.Entry]:
        """Return the entries among its tags."""
        return ledger.from_tags(self.tags)[0]

    @property
    def unreadable(self) -> list[str]:
        """Return the keys of entries that can't be read."""
        return ledger.from_tags(self.tags)[1]

    @property
    def holder(self) -> str | None:
        """The hash of the stack that holds it, as its mark says; None where it was made without a ledger."""
        return holder_in(self.tags)

    def arns(self) -> list[str | None]:
        """Return the ARNs of its configuration, domains and streams; None where one is not known."""
        of_entries = [arn for entry in self.entries for arn in (entry.domain_arn, entry.stream_arn)]
        return [self.pipeline.configuration_arn, *of_entries]


@dataclass(frozen=True)
class Carriers:
    """The pipelines of a region that carry a ledger or are in state, and those that could not be read."""

    region: str
    running: tuple[Carrier, ...]
    unread: tuple[Unread, ...]


def each(work: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
    """Return the results of `work` for all items, several at a time."""
    if not items:
        return []
    with ThreadPoolExecutor(min(WORKERS, len(items))) as pool:
        return list(pool.map(work, items))


def has_ledger(tags: Mapping[str, str]) -> bool:
    """Return whether these tags of a pipeline hold a ledger."""
    return any(key.startswith(ledger.PREFIX) for key in tags)


def carriers_in(
    aws: Aws,
    mine: StackRecord,
    region: str,
    *,
    matters: Callable[[Mapping[str, str]], bool] = has_ledger,
) -> Carriers:
    """Read every running pipeline of the region that is in this state or whose tags matter.

    Args:
        matters: Return whether a pipeline with these tags matters; by default, if it carries a ledger.
    """

    def read_carrier(pipeline: tuple[str, str]) -> Carrier | Unread | None:
        id_, arn = pipeline
        try:
            return _carrier(aws, mine, id_, arn, matters)
        except SpeakerSearchError as failed:
            return Unread(name=f"media pipeline {id_}", reason=failed.reason, region=region)

    try:
        listed = list(_list_pipelines(aws))
    except SpeakerSearchError as failed:
        unread = Unread(name=f"the media pipelines of {region}", reason=failed.reason, region=region)
        return Carriers(region, (), (unread,))
    seen = each(read_carrier, listed)
    return Carriers(
        region,
        tuple(one for one in seen if isinstance(one, Carrier)),
        tuple(one for one in seen if isinstance(one, Unread)),
    )


def _carrier(
    aws: Aws, mine: StackRecord, id_: str, arn: str, matters: Callable[[Mapping[str, str]], bool]
) -> Carrier | None:
    subject = Subject(kind=media_insights_pipeline.KIND, id=id_)

    def tags() -> dict[str, str]:
        deadline = aws.clock.monotonic() + CALL_SECONDS
        return consent_gate.fetch_tags(aws, MEDIA_PIPELINES, arn, subject=subject, deadline=deadline)

    try:
        carried: dict[str, str] | None = tags()
    except NotFoundError:  # it has ended, or AWS does not find it yet: fetching the pipeline tells which
        carried = None
    if carried is not None and id_ not in mine.ids and not matters(carried):
        return None
    pipeline = media_insights_pipeline.find_confirmed(aws, arn, timeout_seconds=CALL_SECONDS)
    if pipeline is None or pipeline.status in ENDED:
        return None
    if carried is None:
        carried = tags()
    return Carrier(pipeline, carried) if id_ in mine.ids or matters(carried) else None


def _list_pipelines(aws: Aws) -> Iterator[tuple[str, str]]:
    """Yield id and ARN of every media pipeline of the account in this region, of any kind."""
    page: dict[str, str] = {}
    while True:
        call = Call(
            service=MEDIA_PIPELINES,
            operation="list_media_pipelines",
            parameters={"MaxResults": 99, **page},
            action="list",
            subject=Subject(kind="media pipelines"),
        )
        answer = send(aws, call, deadline=aws.clock.monotonic() + CALL_SECONDS)
        for summary in answer.get("MediaPipelines", []):
            yield summary["MediaPipelineId"], summary["MediaPipelineArn"]
        if not answer.get("NextToken"):
            return
        page = {"NextToken": answer["NextToken"]}
