"""The content of a review, as plain values that the report formats write."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from typing import Final

from .consent_rows import ConsentTag, SearchRow, TimelineEntry

SCHEMA: Final = "speaker-search-review:1.0"
"""Name and version of the schema of `report.json`."""


class Verdict(StrEnum):
    """The result of one rule on one resource."""

    REFUSED = "refused"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"
    ADVISED = "advised"
    EXEMPTED = "exempted"
    PASSED = "passed"
    NO_FINDING = "no-finding"


class SubjectKind(StrEnum):
    """What was reviewed: a preview of the program, the stored state of a stack, or a state file."""

    PREVIEW = "preview"
    DEPLOYED = "deployed"
    FILE = "file"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewedResource:
    """One resource that was reviewed.

    Attributes:
        urn: The URN as it may be printed: without the name if that is withheld.
        label: The name for people: the last word of its type, and its name.
        operation: What the update would do with it; "stored" for a state, "not reached" if the run ended before.
        needs_consent: Whether a rule about consent judged it, or it has consent tags.
        media_retention_hours: How long a Kinesis video stream keeps its media.
        source: Where the program declares it, `path#line`, relative to the project; None if that is not known.
    """

    urn: str
    type: str
    name: str
    label: str
    operation: str
    needs_consent: bool = False
    tags: tuple[ConsentTag, ...] = ()
    media_retention_hours: int | None = None
    source: str | None = None

    def tag(self, field: str) -> ConsentTag | None:
        """Return the consent tag of this field."""
        return next((tag for tag in self.tags if tag.field == field), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemption:
    """Who accepts a refusal, until when, and under which reference."""

    until: date
    owner: str
    reference: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The result of one rule on one resource, or on the whole stack (`urn` empty).

    Attributes:
        derived: Whether it was derived from what the engine reported, which does not list it (docs/review.md).
        rule_failed: Whether the rule raised an error, and refused for that reason.
    """

    pack: str
    rule: str
    urn: str
    verdict: Verdict
    message: str = ""
    exemption: Exemption | None = None
    derived: bool = False
    rule_failed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """The description of a rule by its pack."""

    name: str
    title: str
    description: str = ""
    level: str = ""
    severity: str = ""
    framework: str = ""
    remediation: str = ""
    page: str = ""
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """One setting of a rule, as JSON. `given`: whether the config has it; otherwise it is the pack's default."""

    rule: str
    name: str
    value: str
    given: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """A policy pack.

    Attributes:
        source: The folder, as it was given.
        digest: SHA-256 of its files; two reviews with the same digest ran the same rules.
        told: Whether the pack described its rules; if not, `rules` is empty.
        switched_off: Names of the rules that its config disables; `all` if the pack did not describe them.
        softened: Names of the rules that are mandatory by default and advisory by its config.
    """

    name: str
    version: str
    source: str
    digest: str
    description: str = ""
    told: bool = True
    rules: tuple[Rule, ...] = ()
    settings: tuple[Setting, ...] = ()
    switched_off: tuple[str, ...] = ()
    softened: tuple[str, ...] = ()

    def rule(self, name: str) -> Rule:
        """Return the rule of this name, without a description if the pack has none."""
        return next((rule for rule in self.rules if rule.name == name), Rule(name=name, title=name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """What was reviewed, and with which tools.

    Attributes:
        commit: The commit of the project's git repository; None without one.
        uncommitted: Whether the work tree differs from the commit.
        state_*: About the stored state (for a preview: the one that it starts from); None if there is none.
        state_digest: SHA-256 of the exported state.
    """

    kind: SubjectKind
    project: str
    stack: str
    generated_at: datetime
    tool_version: str
    engine_version: str
    commit: str | None = None
    uncommitted: bool = False
    state_time: str | None = None
    state_version: int | None = None
    state_digest: str | None = None
    state_file: str | None = None


@dataclass(frozen=True, kw_only=True)
class Review:
    """The whole review.

    Attributes:
        gaps: Why the review is not complete, in sentences; empty if it is.
        lists_passed: Whether the engine listed the rules that passed, resource by resource.
        searches: One row for each search, grouped by record.
    """

    provenance: Provenance
    packs: tuple[Pack, ...]
    resources: tuple[ReviewedResource, ...]
    judgements: tuple[Judgement, ...]
    timeline: tuple[TimelineEntry, ...]
    lists_passed: bool
    gaps: tuple[str, ...] = ()
    searches: tuple[SearchRow, ...] = ()

    @cached_property
    def _by_urn(self) -> dict[str, ReviewedResource]:
        return {one.urn: one for one in reversed(self.resources)}

    @cached_property
    def _judgements_by_urn(self) -> dict[str, tuple[Judgement, ...]]:
        found: dict[str, list[Judgement]] = {}
        for one in self.judgements:
            found.setdefault(one.urn, []).append(one)
        return {urn: tuple(many) for urn, many in found.items()}

    @cached_property
    def _rules(self) -> dict[tuple[str, str], Rule]:
        return {
            (pack.name, rule.name): rule for pack in reversed(self.packs) for rule in reversed(pack.rules)
        }

    def having(self, verdict: Verdict) -> tuple[Judgement, ...]:
        """Return the judgements with this verdict."""
        return tuple(one for one in self.judgements if one.verdict is verdict)

    def about(self, urn: str) -> tuple[Judgement, ...]:
        """Return the judgements of this resource."""
        return self._judgements_by_urn.get(urn, ())

    def label(self, urn: str) -> str:
        """Return the name of a resource for people; "the whole stack" for an empty URN."""
        found = self._by_urn.get(urn)
        return found.label if found else urn or "the whole stack"

    def resource(self, urn: str) -> ReviewedResource | None:
        """Return the resource with this URN."""
        return self._by_urn.get(urn)

    def rule(self, judgement: Judgement) -> Rule:
        """Return the rule of a judgement."""
        name = judgement.rule
        return self._rules.get((judgement.pack, name)) or Rule(name=name, title=name)

    def exemptions(self) -> Iterator[tuple[Judgement, Exemption]]:
        """Yield the exempted judgements with their exemptions."""
        for judgement in self.judgements:
            if judgement.exemption is not None:
                yield judgement, judgement.exemption

    @property
    def with_consent(self) -> tuple[ReviewedResource, ...]:
        """Return the resources that need consent."""
        return tuple(one for one in self.resources if one.needs_consent)

    @property
    def without_consent(self) -> tuple[ReviewedResource, ...]:
        """Return the resources that need no consent."""
        return tuple(one for one in self.resources if not one.needs_consent)
