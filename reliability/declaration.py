"""Write the declaration that the program reads from CHAOS_DECLARATION."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from reliability.account import CONSENT, Account
from reliability.profiles import Heard
from sandbox.account.state import SPEAKER_SEARCH, VOICE_TONE_ANALYSIS

TIMEOUT_SECONDS: Final = 20.0
"""The time-out of every operation, unless the plan has another one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """One search: a pipeline and a task.

    Attributes:
        pipeline, task: Names of the two resources.
        aliases: Former names.
        tone: Whether a voice tone analysis, of the name of the task, listens to the same channel.
    """

    stream_arn: str
    pipeline: str
    task: str
    aliases: tuple[str, ...] = ()
    tone: bool = False

    @classmethod
    def named(cls, name: str, stream_arn: str, *, tone: bool = False) -> Search:
        """Return a search whose resources have the same name."""
        return cls(stream_arn=stream_arn, pipeline=name, task=name, tone=tone)

    @property
    def kinds(self) -> tuple[str, ...]:
        """Return the kinds of its tasks."""
        return (SPEAKER_SEARCH, VOICE_TONE_ANALYSIS) if self.tone else (SPEAKER_SEARCH,)

    def as_json(self) -> dict[str, Any]:
        """Return the search as the program reads it."""
        return {
            "stream_arn": self.stream_arn,
            "pipeline": self.pipeline,
            "task": self.task,
            "aliases": list(self.aliases),
            "tone": self.tone,
        }


def declare(
    aws_account: Account,
    *,
    searches: Mapping[str, Search] | None = None,
    tags: Mapping[str, str] = CONSENT,
    triggers: int = 0,
    create_timeout_seconds: float = TIMEOUT_SECONDS,
    verify_live_tags: bool = False,
    listen: bool = True,
    enrolled_from: Heard | None = None,
) -> str:
    """Return the declaration: one pipeline and one task per search, all with the same options.

    Args:
        enrolled_from: The search of which the program declares a voice profile.
    """
    if searches is None:
        searches = {name: Search.named(name, arn) for name, arn in aws_account.streams.items()}
    return json.dumps(
        {
            "searches": [search.as_json() for search in searches.values()],
            "enrolled_from": enrolled_from.as_json() if enrolled_from else None,
            "domain_arn": aws_account.domain_arn,
            "configuration_arn": aws_account.configuration_arn,
            "tags": dict(tags),
            "triggers": str(triggers),
            "verify_live_tags": verify_live_tags,
            "listen": listen,
            "timeout_seconds": {
                "create": create_timeout_seconds,
                **dict.fromkeys(("ready", "read", "update", "delete"), TIMEOUT_SECONDS),
            },
        }
    )
