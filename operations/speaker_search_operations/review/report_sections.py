"""Titles, counts and groups that the reports for people share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from .consent_rows import SearchRow
from .review_model import (
    Exemption,
    Judgement,
    Pack,
    Review,
    ReviewedResource,
    Rule,
    SubjectKind,
    Verdict,
)

SYMBOLS: Final = {
    Verdict.REFUSED: "✕",
    Verdict.UNKNOWN: "?",
    Verdict.SKIPPED: "⊘",
    Verdict.ADVISED: "!",
    Verdict.EXEMPTED: "§",
    Verdict.PASSED: "✓",
    Verdict.NO_FINDING: "–",
}
WORDS: Final = {
    Verdict.REFUSED: "Refused",
    Verdict.UNKNOWN: "Could not be judged",
    Verdict.SKIPPED: "Switched off",
    Verdict.ADVISED: "Advised",
    Verdict.EXEMPTED: "Exempted",
    Verdict.PASSED: "Passed",
    Verdict.NO_FINDING: "Nothing found",
}
MEANINGS: Final = {
    Verdict.REFUSED: "A mandatory rule is violated. `pulumi up` with these packs does not start.",
    Verdict.UNKNOWN: "The rule could not judge the resource: a value is only known after the update, or is a secret.",
    Verdict.SKIPPED: "The pack's config disables the rule: it judged nothing, and the review is not complete.",
    Verdict.ADVISED: "An advisory rule is violated.",
    Verdict.EXEMPTED: "The rule is violated. An owner accepts it until a date, or a setting of the pack accepts it.",
    Verdict.PASSED: "The engine lists the rule as passed for the resource.",
    Verdict.NO_FINDING: "The rule ran and reported nothing; the engine does not list what it judged. This is the best"
    " result of rules about the whole stack, and of every rule on a stored state.",
}
SUBJECTS: Final = {
    SubjectKind.PREVIEW: "A preview: what the program would create now",
    SubjectKind.DEPLOYED: "The stored state of the stack: what is deployed",
    SubjectKind.FILE: "A state file",
}


@dataclass(frozen=True, slots=True)
class RuleGroup:
    """The judgements of one rule with one verdict."""

    pack: Pack
    rule: Rule
    judgements: tuple[Judgement, ...]


@dataclass(frozen=True, slots=True)
class Headline:
    """The result in a few words. `kind` is `refused`, `incomplete`, `noted` or `passed`."""

    kind: str
    symbol: str
    text: str
    explanation: str


def headline(review: Review) -> Headline:
    """Return the result of the review."""
    counts = Counter(one.verdict for one in review.judgements)
    refused = counts[Verdict.REFUSED]
    if refused:
        rules = len({(one.pack, one.rule) for one in review.having(Verdict.REFUSED)})
        places = len({one.urn for one in review.having(Verdict.REFUSED)})
        return Headline(
            "refused",
            SYMBOLS[Verdict.REFUSED],
            f"Refused: {_count(refused, 'finding')}",
            f"{_count(rules, 'rule')} refused, on {_count(places, 'resource')}. What to correct is below.",
        )
    if review.gaps:
        off = counts[Verdict.SKIPPED]
        why = f" {_count(off, 'rule')} switched off." if off else ""
        return Headline(
            "incomplete", "?", "Not complete", f"Nothing was refused, but not everything was judged.{why}"
        )
    noted = [
        f"{counts[verdict]} {words}"
        for verdict, words in (
            (Verdict.UNKNOWN, "could not be judged yet"),
            (Verdict.ADVISED, "advised"),
            (Verdict.EXEMPTED, "exempted"),
        )
        if counts[verdict]
    ]
    softened = sum(len(pack.softened) for pack in review.packs)
    if softened:
        noted.append(f"{_count(softened, 'mandatory rule')} made advisory by the packs' config")
    if noted:
        return Headline("noted", "✓", "Nothing refused", f"Please read: {', '.join(noted)}.")
    return Headline("passed", "✓", "Nothing refused", "No rule that ran refused anything.")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def grouped(review: Review, verdict: Verdict) -> tuple[RuleGroup, ...]:
    """Return the judgements with one verdict, grouped by pack and rule."""
    groups: dict[tuple[str, str], list[Judgement]] = {}
    for one in review.having(verdict):
        groups.setdefault((one.pack, one.rule), []).append(one)
    packs = {pack.name: pack for pack in review.packs}
    return tuple(
        RuleGroup(packs[pack], packs[pack].rule(rule), tuple(found)) for (pack, rule), found in groups.items()
    )


def exempted(review: Review) -> tuple[tuple[Exemption, tuple[Judgement, ...]], ...]:
    """Return each exemption with what it exempts; the one that ends first comes first."""
    groups: dict[Exemption, list[Judgement]] = {}
    for one, exemption in review.exemptions():
        groups.setdefault(exemption, []).append(one)
    ordered = sorted(groups.items(), key=lambda item: (item[0].until, item[0].reference))
    return tuple((exemption, tuple(found)) for exemption, found in ordered)


def exempted_by_name(review: Review) -> tuple[Judgement, ...]:
    """Return what a setting of a pack exempts by name, without owner and end."""
    return tuple(one for one in review.having(Verdict.EXEMPTED) if one.exemption is None)


def by_record(review: Review) -> tuple[tuple[str, tuple[SearchRow, ...]], ...]:
    """Return each consent record with its searches."""
    groups: dict[str, list[SearchRow]] = {}
    for row in review.searches:
        groups.setdefault(row.record, []).append(row)
    return tuple((record, tuple(rows)) for record, rows in groups.items())


def counts_of_packs(review: Review) -> tuple[tuple[str, dict[Verdict, int]], ...]:
    """Return for each pack the number of judgements per verdict."""
    return tuple(
        (pack.name, dict(Counter(one.verdict for one in review.judgements if one.pack == pack.name)))
        for pack in review.packs
    )


def worst(judgements: Iterable[Judgement]) -> Verdict | None:
    """Return the most severe verdict; `Verdict` lists them in that order."""
    found = {one.verdict for one in judgements}
    return next((verdict for verdict in Verdict if verdict in found), None)


def most_severe_first(review: Review) -> list[ReviewedResource]:
    """Return the resources that need consent or have its tags, the most severe verdicts first."""
    order = {verdict: number for number, verdict in enumerate(Verdict)}

    def rank(resource: ReviewedResource) -> int:
        verdict = worst(review.about(resource.urn))
        return order[verdict] if verdict is not None else len(order)

    return sorted(review.with_consent, key=rank)


def facts(review: Review) -> tuple[tuple[str, str], ...]:
    """Return what was reviewed, as (name, value)."""
    where = review.provenance
    commit = (
        f"{where.commit}{' with uncommitted changes' if where.uncommitted else ''}" if where.commit else ""
    )
    pairs = (
        ("Reviewed", SUBJECTS[where.kind]),
        ("Project and stack", " / ".join(part for part in (where.project, where.stack) if part)),
        ("State file", where.state_file or ""),
        ("Commit", commit),
        (
            "State as of" if where.kind is not SubjectKind.PREVIEW else "Compared with state as of",
            where.state_time or "",
        ),
        ("Update number", str(where.state_version) if where.state_version is not None else ""),
        ("SHA-256 of the state", where.state_digest or ""),
        ("Created at", where.generated_at.isoformat(timespec="seconds")),
        ("Created with", f"speaker-search {where.tool_version}, Pulumi {where.engine_version}"),
    )
    return tuple((name, value) for name, value in pairs if value)
