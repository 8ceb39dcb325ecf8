"""Compare a review with an earlier one: searches, consent, verdicts, findings. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Protocol

from .consent_rows import TagState
from .earlier_report import EarlierReport
from .review_model import Review, SubjectKind, Verdict
from .untrusted_text import one_line, printable

FINDINGS: Final = (Verdict.REFUSED, Verdict.UNKNOWN, Verdict.ADVISED)
"""Verdicts that somebody has to act on."""

SEVERITY: Final = tuple(Verdict)
"""The most severe first."""

STACK: Final = "the whole stack"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentChange:
    """A consent field, or the standing of a search's consent, that differs."""

    resource: str
    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VerdictChange:
    """The most severe verdict of a rule on a resource, where both reviews have one and they differ."""

    pack: str
    rule: str
    resource: str
    before: Verdict
    after: Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingChange:
    """A finding of only one of the two reviews."""

    pack: str
    rule: str
    resource: str
    verdict: Verdict
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewChanges:
    """What changed since an earlier review.

    Attributes:
        since, since_kind: Time and kind of the earlier review.
        searches_added, searches_removed: Names.
        findings_solved: No longer found: corrected, or the resource is gone.
    """

    since: datetime
    since_kind: SubjectKind
    searches_added: tuple[str, ...]
    searches_removed: tuple[str, ...]
    consent: tuple[ConsentChange, ...]
    verdicts: tuple[VerdictChange, ...]
    findings_new: tuple[FindingChange, ...]
    findings_solved: tuple[FindingChange, ...]

    @property
    def is_empty(self) -> bool:
        """Return whether nothing changed."""
        return not (
            self.searches_added
            or self.searches_removed
            or self.consent
            or self.verdicts
            or self.findings_new
            or self.findings_solved
        )


class _Judgement(Protocol):
    @property
    def pack(self) -> str: ...
    @property
    def rule(self) -> str: ...
    @property
    def urn(self) -> str: ...
    @property
    def verdict(self) -> Verdict: ...
    @property
    def message(self) -> str: ...


class _Tag(Protocol):
    @property
    def field(self) -> str: ...
    @property
    def state(self) -> TagState: ...
    @property
    def value(self) -> str: ...


def changes_since(earlier: EarlierReport, review: Review) -> ReviewChanges:
    """Return what changed from the earlier report to the review."""
    before = {row.urn: row.search for row in earlier.searches}
    after = {row.urn: row.search for row in review.searches}
    labels = {one.urn: one.label for one in earlier.resources} | {
        one.urn: one.label for one in review.resources
    }
    return ReviewChanges(
        since=earlier.provenance.generated_at,
        since_kind=earlier.provenance.kind,
        searches_added=tuple(sorted(one_line(after[urn]) for urn in after.keys() - before.keys())),
        searches_removed=tuple(sorted(one_line(before[urn]) for urn in before.keys() - after.keys())),
        consent=(*_standing_changes(earlier, review), *_tag_changes(earlier, review)),
        verdicts=tuple(_verdict_changes(earlier.judgements, review.judgements, labels)),
        findings_new=tuple(_only_in(review.judgements, earlier.judgements, labels)),
        findings_solved=tuple(_only_in(earlier.judgements, review.judgements, labels)),
    )


def _standing_changes(earlier: EarlierReport, review: Review) -> Iterator[ConsentChange]:
    before = {row.urn: row for row in earlier.searches}
    for row in review.searches:
        then = before.get(row.urn)
        if then is None:
            continue
        for field, old, new in (
            ("consent", then.standing, row.standing.value),
            ("last day", _day(then.until), _day(row.until)),
        ):
            if old != new:
                yield ConsentChange(
                    resource=one_line(row.search), field=field, before=one_line(old), after=one_line(new)
                )


def _tag_changes(earlier: EarlierReport, review: Review) -> Iterator[ConsentChange]:
    before = {resource.urn: resource for resource in earlier.resources if resource.needs_consent}
    for resource in review.with_consent:
        then = before.get(resource.urn)
        if then is None:
            continue
        old, new = _values(then.tags), _values(resource.tags)
        for field in sorted(old.keys() | new.keys()):
            values = old.get(field, TagState.MISSING.value), new.get(field, TagState.MISSING.value)
            if values[0] != values[1]:
                yield ConsentChange(
                    resource=one_line(resource.label),
                    field=one_line(field),
                    before=values[0],
                    after=values[1],
                )


def _values(tags: Iterable[_Tag]) -> dict[str, str]:
    return {tag.field: one_line(tag.value) or tag.state.value for tag in tags}


def _day(day: date | None) -> str:
    return day.isoformat() if day else "not known"


Key = tuple[str, str, str]
"""Pack, rule, URN."""


def _by_key(judgements: Iterable[_Judgement]) -> Mapping[Key, list[_Judgement]]:
    found: defaultdict[Key, list[_Judgement]] = defaultdict(list)
    for one in judgements:
        found[one.pack, one.rule, one.urn].append(one)
    return found


def _verdict_changes(
    before: Sequence[_Judgement], after: Sequence[_Judgement], labels: Mapping[str, str]
) -> Iterator[VerdictChange]:
    old, new = _by_key(before), _by_key(after)
    for key in sorted(old.keys() & new.keys()):
        then, now = _worst(old[key]), _worst(new[key])
        if then is not now:
            pack, rule, urn = key
            yield VerdictChange(
                pack=one_line(pack), rule=one_line(rule), resource=_label(urn, labels), before=then, after=now
            )


def _worst(judgements: Sequence[_Judgement]) -> Verdict:
    return min((one.verdict for one in judgements), key=SEVERITY.index)


def _only_in(
    here: Sequence[_Judgement], there: Sequence[_Judgement], labels: Mapping[str, str]
) -> Iterator[FindingChange]:
    """Yield the findings of one review that the other does not have.

    Findings of one rule on one resource are counted, and not compared by their messages, which may hold the days left.
    """
    others = _by_key(one for one in there if one.verdict in FINDINGS)
    own = _by_key(one for one in here if one.verdict in FINDINGS)
    for (pack, rule, urn), findings in sorted(own.items()):
        known = others.get((pack, rule, urn), [])
        messages = {one.message for one in known}
        unlike_first = sorted(findings, key=lambda one: one.message in messages)
        for one in unlike_first[: max(len(findings) - len(known), 0)]:
            yield FindingChange(
                pack=one_line(pack),
                rule=one_line(rule),
                resource=_label(urn, labels),
                verdict=one.verdict,
                message=printable(one.message),
            )


def _label(urn: str, labels: Mapping[str, str]) -> str:
    return one_line(labels.get(urn) or urn or STACK)
