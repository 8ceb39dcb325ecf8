"""One line of a table: a few resources, one rule, and whether it has to refuse them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from pulumi_policy import Policy

from tests.policies.analyzer import Analyzer, Declared

TODAY: Final = date(2026, 11, 23)


@dataclass(frozen=True)
class Case:
    """What the rule has to say of the resources.

    Attributes:
        says: What is tried, as a sentence.
        names: The resources that must be refused, by name; empty if all must pass.
        hints: Words that the refusal must have.
    """

    rule: str
    says: str
    resources: tuple[Declared, ...]
    names: frozenset[str]
    hints: tuple[str, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.rule}: {self.says}".replace(" ", "_")


class Table:
    """Collects the cases of one rule."""

    def __init__(self, rule: str) -> None:
        self.rule = rule
        self.cases: list[Case] = []

    def passes(self, says: str, *resources: Declared, **settings: Any) -> None:
        self.cases.append(Case(self.rule, says, resources, frozenset(), (), settings))

    def refuses(
        self,
        says: str,
        *resources: Declared,
        hints: Sequence[str] = (),
        also: Sequence[str] = (),
        **settings: Any,
    ) -> None:
        """The last resource must be refused, and those named in `also`, and no other."""
        names = frozenset({resources[-1].name, *also})
        self.cases.append(Case(self.rule, says, resources, names, tuple(hints), settings))


def refused(case: Case, policies: Iterable[Policy]) -> dict[str, str]:
    """Name → message of what the case's rule refuses, mandatory, when the case's resources go through the
    SDK."""
    by_urn = {one.urn: one.name for one in case.resources}
    # Only the rule of the case and what serves it: the others have tables of their own.
    wanted = [one for one in policies if one.name == case.rule]
    verdicts = Analyzer(wanted, {case.rule: case.settings}).judge(case.resources)
    return {by_urn.get(one.urn, one.urn): one.message for one in verdicts if one.level == "mandatory"}
