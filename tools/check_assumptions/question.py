"""A question to AWS, its possible answers, and what each means for the local AWS."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tools.check_assumptions.account import Account

Settings = Mapping[str, Mapping[str, Any]]
"""Of the local AWS: group → name → value, as its control API takes them."""
NO_SETTING: Settings = {}


class CannotAskError(Exception):
    """What the question needs could not be had; the text says what."""


@dataclass(frozen=True)
class Cost:
    """What a question uses up. Everything else that it does is free."""

    searches: int = 0
    audio_minutes: float = 0.0
    keys: int = 0
    shard_hours: int = 0


@dataclass(frozen=True)
class Answer:
    """`value`: one of the question's `answers`, or something that nobody foresaw."""

    value: str
    detail: str = ""


@dataclass(frozen=True)
class Question:
    """One thing that this project assumes.

    Attributes:
        id: Short, for `--only` and the report.
        asks: In words, to be answered by a value.
        assumed: The value that the project goes by.
        answers: Value → the settings with which the local AWS answers so; empty where it always answers the same.
        ask: Does it, and cleans nothing up: the account remembers what was made.
        cost: What it uses up.
        speaks: Whether it needs sound with a voice.
        documented: AWS's page, where it says something; empty where no page does.
    """

    id: str
    asks: str
    assumed: str
    answers: Mapping[str, Settings]
    ask: Callable[[Account], Answer]
    cost: Cost = field(default_factory=Cost)
    speaks: bool = False
    documented: str = ""
