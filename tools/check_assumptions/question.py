"""A question to AWS, its possible answers, and what each means for the local AWS."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tools.check_assumptions.account import Account

Settings = Mapping[str, Mapping[str, Any]]
"""Settings of the local AWS: group → name → value, as its control API takes them."""
NO_SETTING: Settings = {}


class CannotAskError(Exception):
    """Something that the question needs is missing; the text says what."""


@dataclass(frozen=True)
class Cost:
    """What a question consumes. Everything else that it does is free."""

    searches: int = 0
    audio_minutes: float = 0.0
    keys: int = 0
    shard_hours: int = 0


@dataclass(frozen=True)
class Answer:
    """An answer. `value` is one of the question's `answers`, or an unexpected one."""

    value: str
    detail: str = ""


@dataclass(frozen=True)
class Question:
    """One assumption of this project.

    Attributes:
        id: Short name, for `--only` and the report.
        asks: The question in words.
        assumed: The answer that the project assumes.
        answers: Answer → the settings with which the local AWS gives it; empty if it can give no other.
        ask: Ask AWS. It removes nothing: the account keeps a list of what was created.
        cost: What the question consumes.
        speaks: Whether it needs audio with a voice.
        documented: AWS's page about it; empty if there is none.
    """

    id: str
    asks: str
    assumed: str
    answers: Mapping[str, Settings]
    ask: Callable[[Account], Answer]
    cost: Cost = field(default_factory=Cost)
    speaks: bool = False
    documented: str = ""
