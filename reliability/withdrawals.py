"""Write withdrawals of consent in AWS, and check that nothing violates them."""

from __future__ import annotations

import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from reliability.account import Account
from reliability.starts import Start
from sandbox.account.state import SPEAKER_SEARCH
from sandbox.control import SandboxControl

STATUS = "consent:status"
WITHDRAWN = "withdrawn"
GONE = "Gone"
"""The sandbox's status of a pipeline that AWS no longer finds."""


@dataclass(slots=True)
class Withdrawals:
    """The withdrawals of one run. Each is written between two commands.

    Attributes:
        standing: ARN → when it was written, in seconds since 1970.
        over: (ARN, from, until) of withdrawals that a new consent has replaced.
        streams: ARN of a pipeline → its streams: a pipeline that replaces it is under the same withdrawal.
    """

    aws_account: Account
    control: SandboxControl
    standing: dict[str, float] = field(default_factory=dict)
    over: list[tuple[str, float, float]] = field(default_factory=list)
    streams: dict[str, set[str]] = field(default_factory=dict)

    def write(self, where: str) -> None:
        """Write a withdrawal on the domain, on every stream or on every pipeline that has not ended."""
        world, tag = self.aws_account.world, {STATUS: WITHDRAWN}
        listed = [{"Key": key, "Value": value} for key, value in tag.items()]
        match where.split(" ", maxsplit=1)[0]:
            case "domain":
                arns = [self.aws_account.domain_arn]
                world.voice.tag_resource(ResourceARN=arns[0], Tags=listed)
            case "stream":
                arns = list(self.aws_account.streams.values())
                for arn in arns:
                    world.streams.tag_stream(StreamARN=arn, Tags=tag)
            case _:
                arns = []
                for row in self.control.pipelines():
                    # AWS may not find yet what it has just accepted.
                    with suppress(world.media.exceptions.NotFoundException):
                        world.media.tag_resource(ResourceARN=row["pipeline_arn"], Tags=listed)
                        arns.append(row["pipeline_arn"])
                        self.streams[row["pipeline_arn"]] = set(row["stream_arns"])
        self.standing.update(dict.fromkeys(arns, time.time()))

    def overwritten(self) -> list[str]:
        """Return the ARNs whose withdrawal was overwritten although no other record was declared."""
        return [arn for arn in self.standing if self._status(arn) not in (WITHDRAWN, None)]

    def against(self, starts: Iterable[Start]) -> list[str]:
        """Return the tasks that started while domain, stream or pipeline had a withdrawal.

        A voice tone analysis uses no domain.
        """
        times = [*self.over, *((arn, began, float("inf")) for arn, began in self.standing.items())]
        found = []
        for start in starts:
            parts = {start.stream_arn} | (
                {self.aws_account.domain_arn} if start.kind == SPEAKER_SEARCH else set()
            )
            for arn, began, ended in times:
                is_part = arn in parts or start.stream_arn in self.streams.get(arn, ())
                if is_part and began < start.asked < ended:
                    found.append(f"{start} was started while {arn} was withdrawn")
        return found

    def lift(self) -> None:
        """End all withdrawals, because a new consent is about to be declared."""
        self._end(list(self.standing))

    def forget_gone(self) -> None:
        """Forget the withdrawals on pipelines that AWS no longer finds."""
        known = {row["pipeline_arn"] for row in self.control.pipelines(ended=True) if row["status"] != GONE}
        self._end([arn for arn in self.standing if arn in self.streams and arn not in known])

    def _end(self, arns: list[str]) -> None:
        now = time.time()
        self.over += [(arn, self.standing.pop(arn), now) for arn in arns]

    def _status(self, arn: str) -> str | None:
        """Return the consent status in AWS; None if the resource is gone."""
        world = self.aws_account.world
        if arn == self.aws_account.domain_arn:
            return _of(world.voice.list_tags_for_resource(ResourceARN=arn)["Tags"])
        rows: list[Any] = [*self.control.streams(), *self.control.pipelines(ended=True)]
        found = (row for row in rows if arn in (row.get("stream_arn"), row.get("pipeline_arn")))
        return next((str(row["tags"].get(STATUS)) for row in found), None)


def _of(tags: Iterable[dict[str, str]]) -> str | None:
    return next((tag["Value"] for tag in tags if tag["Key"] == STATUS), None)
