"""What a review holds: plain values that the report formats write down. No format, no engine, no file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from typing import Final

SCHEMA: Final = "speaker-search-review:1.0"
"""Name and version of what `report.json` holds."""


class Verdict(StrEnum):
    """What came of one rule on one resource."""

    REFUSED = "refused"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"
    ADVISED = "advised"
    EXEMPTED = "exempted"
    PASSED = "passed"
    NO_FINDING = "no-finding"


class TagState(StrEnum):
    """What is known of a consent tag."""

    STATED = "stated"
    MISSING = "missing"
    UNKNOWN = "unknown"
    SECRET = "secret"  # noqa: S105 - a word, no password
    WITHHELD = "withheld"
    NOT_SEEN = "not-seen"


class SubjectKind(StrEnum):
    """What was looked at."""

    PREVIEW = "preview"
    DEPLOYED = "deployed"
    FILE = "file"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentTag:
    """One consent tag of one resource. `value` is empty unless the tag is stated."""

    field: str
    state: TagState
    value: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewedResource:
    """One resource that was looked at.

    Attributes:
        urn: As it may be printed: without the name where that is withheld.
        label: How people are told of it: its type's last word and its name.
        operation: What the update would do with it; "stored" for a state, "not reached" where the run ended before.
        needs_consent: Whether a rule about consent judged it, or it carries consent tags.
        media_retention_hours: How long a Kinesis video stream keeps what was said.
        source: Where the program declares it, `path#line`, relative to the project; None where that is not known.
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
        return next((tag for tag in self.tags if tag.field == field), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exemption:
    """Who lets a refusal stand, until when, under which reference."""

    until: date
    owner: str
    reference: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What one rule said of one resource, or of the whole stack (`urn` empty).

    Attributes:
        derived: The engine did not say it: it follows from what the engine said (see docs/review.md).
    """

    pack: str
    rule: str
    urn: str
    verdict: Verdict
    message: str = ""
    exemption: Exemption | None = None
    derived: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What a pack says of one of its rules."""

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
    """One setting of a rule, as JSON, and whether it was given or is the pack's default."""

    rule: str
    name: str
    value: str
    given: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """A policy pack.

    Attributes:
        source: The folder, as it was given.
        digest: SHA-256 over its files; two reviews with the same digest ran the same rules.
        told: Whether the pack told its rules; if not, `rules` are only those that findings name.
        switched_off: Names of rules that its config switches off; `all` where that can't be told apart.
        softened: Names of rules that refuse by default and that its config lets advise only.
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
        return next((rule for rule in self.rules if rule.name == name), Rule(name=name, title=name))


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """What the review speaks about, and what made it.

    Attributes:
        commit: Of the git repository the project is in; None without one.
        uncommitted: Whether the work tree differs from the commit.
        state_*: Of the stored state (for a preview: the state that the preview starts from); None where there is none.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEntry:
    """One consent regime in time: resources that carry the same record and the same dates.

    Attributes:
        expires: The last day on which it holds (UTC); None where it is not stated.
        withdrawn: It is over by its status, on `expires` at the latest: no tag tells the day of a withdrawal.
        keep_until: `expires` + `retention_days`: the latest end if the clock starts on the last day. A ceiling.
        standing: In words: in force, ends soon, expired, withdrawn, not known.
    """

    record: str
    jurisdiction: str
    status: str
    standing: str
    expires: date | None
    withdrawn: bool = False
    retention_days: int | None
    keep_until: date | None
    resources: tuple[str, ...]
    media_retention_hours: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRow:
    """What people ask of one search first.

    Attributes:
        line: The stream and the channel.
        voice: Who speaks there, and with whose profiles they are compared.
        until: The last day of consent, or of what was left of it; None where it is not known.
        listens: `yes`, `no`, or `no` with what became of it: as of the state that was looked at.
        change: What the update would do, in words.
    """

    urn: str
    search: str
    line: str
    voice: str
    record: str
    purpose: str
    jurisdiction: str
    standing: str
    until: date | None
    listens: str
    change: str


@dataclass(frozen=True, kw_only=True)
class Review:
    """The whole review.

    Attributes:
        gaps: Why it is not complete, in sentences; empty if it is.
        lists_passed: Whether the engine listed what passed, resource by resource.
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
        return tuple(one for one in self.judgements if one.verdict is verdict)

    def about(self, urn: str) -> tuple[Judgement, ...]:
        return self._judgements_by_urn.get(urn, ())

    def label(self, urn: str) -> str:
        """How people are told of a resource; the whole stack where no resource is meant."""
        found = self._by_urn.get(urn)
        return found.label if found else urn or "the whole stack"

    def resource(self, urn: str) -> ReviewedResource | None:
        return self._by_urn.get(urn)

    def rule(self, judgement: Judgement) -> Rule:
        name = judgement.rule
        return self._rules.get((judgement.pack, name)) or Rule(name=name, title=name)

    def exemptions(self) -> Iterator[tuple[Judgement, Exemption]]:
        for judgement in self.judgements:
            if judgement.exemption is not None:
                yield judgement, judgement.exemption

    @property
    def with_consent(self) -> tuple[ReviewedResource, ...]:
        return tuple(one for one in self.resources if one.needs_consent)

    @property
    def without_consent(self) -> tuple[ReviewedResource, ...]:
        return tuple(one for one in self.resources if not one.needs_consent)
