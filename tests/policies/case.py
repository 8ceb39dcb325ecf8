"""One case of a table: a few resources, one rule, and whether the rule must refuse them."""

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
    """What a rule must find in some resources.

    Attributes:
        title: What is tried.
        names: The resources that must be refused, by name; empty if all must pass.
        hints: Words that the refusal must have.
    """

    rule: str
    title: str
    resources: tuple[Declared, ...]
    names: frozenset[str]
    hints: tuple[str, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.rule}: {self.title}".replace(" ", "_")


class Table:
    """Collect the cases of one rule."""

    def __init__(self, rule: str) -> None:
        self.rule = rule
        self.cases: list[Case] = []

    def passes(self, title: str, *resources: Declared, **settings: Any) -> None:
        self.cases.append(Case(self.rule, title, resources, frozenset(), (), settings))

    def refuses(
        self,
        title: str,
        *resources: Declared,
        hints: Sequence[str] = (),
        also: Sequence[str] = (),
        **settings: Any,
    ) -> None:
        """Add a case in which the last resource and those in `also` must be refused, and no other."""
        names = frozenset({resources[-1].name, *also})
        self.cases.append(Case(self.rule, title, resources, names, tuple(hints), settings))


def refused(case: Case, policies: Iterable[Policy]) -> dict[str, str]:
    """Return name → message of the resources that the rule of the case refuses, through the SDK."""
    by_urn = {one.urn: one.name for one in case.resources}
    # Only the rule of the case and what serves it: the others have tables of their own.
    wanted = [one for one in policies if one.name == case.rule]
    verdicts = Analyzer(wanted, {case.rule: case.settings}).judge(case.resources)
    return {by_urn.get(one.urn, one.urn): one.message for one in verdicts if one.level == "mandatory"}
