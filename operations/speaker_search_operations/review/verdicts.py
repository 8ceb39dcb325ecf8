"""Derive one verdict for each rule and resource from findings and lists of what passed.

The packs report exempted and undecided refusals as advisories of a rule whose name ends in `-exempted` or
`-undecided`. The first line of the text is `exempted rule=… until=… owner=… reference=…`, `set-aside rule=…
by=…` (exempted by name, by a setting) or `undecided rule=…`; the advisory then counts for the rule that it
names. Only these rules are trusted: the name of a resource in the text of another rule can't turn a refusal
into an exemption. docs/policies/README.md documents these texts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from .engine_events import EngineRun, PolicyFinding
from .review_model import Exemption, Judgement, Pack, Rule, Verdict
from .untrusted_text import one_line, printable

EXEMPTED_RULES: Final = "-exempted"
UNDECIDED_RULES: Final = "-undecided"
BOOKKEEPING_RULES: Final = (EXEMPTED_RULES, UNDECIDED_RULES, "-exemptions")

SWITCHED_OFF: Final = "Disabled by the pack's config: it judged nothing."

_EXEMPTED: Final = re.compile(
    r"exempted rule=(?P<rule>\S+) until=(?P<until>\d{4}-\d\d-\d\d) owner=(?P<owner>\S+) reference=(?P<reference>\S+)"
)
_SET_ASIDE: Final = re.compile(r"set-aside rule=(?P<rule>\S+) by=(?P<by>\S+)")
_UNDECIDED: Final = re.compile(r"undecided rule=(?P<rule>\S+)")
_SDK_UNKNOWN: Final = "can't run policy '"
"""The beginning of the SDK's advisory for a rule that met an unknown value (pulumi_policy 1.21)."""

_REFUSING: Final = frozenset({"mandatory", "remediate"})
_REMEDY_LABELS: Final = ("How to fix it:", "How to mend it:")
"""The beginning of the last line of a refusal, in this and in earlier versions of the packs."""
_RULE_FAILED: Final = re.compile("could not be (evaluated|judged): ")
"""After the name of a rule: it raised an error and refuses for that reason. Also of earlier versions of the packs."""
_RANK: Final = {
    verdict: rank
    for rank, verdict in enumerate(
        (
            Verdict.REFUSED,
            Verdict.UNKNOWN,
            Verdict.SKIPPED,
            Verdict.ADVISED,
            Verdict.EXEMPTED,
            Verdict.PASSED,
            Verdict.NO_FINDING,
        )
    )
}


def judgements(run: EngineRun, packs: Sequence[Pack], *, lists_passed: bool) -> tuple[Judgement, ...]:
    """Return every judgement, the most severe first."""
    by_name = {pack.name: pack for pack in packs}
    stacks = {urn for _, urn in run.judged if _is_stack(urn)}
    found = [_judgement(finding, by_name, stacks) for finding in run.findings]
    found = list(dict.fromkeys(found))
    decided = {(judgement.pack, judgement.urn, judgement.rule) for judgement in found}
    off = {(pack.name, rule) for pack in packs for rule in pack.switched_off}
    found += [
        Judgement(pack=pack, rule=rule, urn=urn, verdict=Verdict.PASSED)
        for pack, urn, rule in sorted(run.passed)
        if (pack, urn, rule) not in decided
        and (pack, rule) not in off
        and not rule.endswith(BOOKKEEPING_RULES)
    ]
    found += [
        Judgement(pack=pack, rule=rule, urn="", verdict=Verdict.SKIPPED, message=SWITCHED_OFF, derived=True)
        for pack, rule in sorted(off)
    ]
    found += _without_events(found, packs, run.stack_judged, lists_passed=lists_passed)
    return tuple(
        sorted(found, key=lambda item: (_RANK[item.verdict], item.pack, item.rule, item.urn, item.message))
    )


def _is_stack(urn: str) -> bool:
    return "::pulumi:pulumi:Stack::" in urn


def _judgement(finding: PolicyFinding, packs: Mapping[str, Pack], stacks: set[str]) -> Judgement:
    pack, name = one_line(finding.pack), one_line(finding.rule)
    rule = packs[pack].rule(name) if pack in packs else Rule(name=name, title=name)
    text = _without_frame(finding, rule)
    urn = "" if finding.urn in stacks or _is_stack(finding.urn) else finding.urn
    first, _, rest = text.partition("\n")
    if name.endswith(EXEMPTED_RULES) and (note := _EXEMPTED.fullmatch(first)):
        return _exempted(pack, urn, note, rest)
    if name.endswith(EXEMPTED_RULES) and (note := _SET_ASIDE.fullmatch(first)):
        message = f"{rest.strip()}\nExempted by name, by the pack's setting {note['by'].replace(',', ', ')}."
        return Judgement(
            pack=pack, rule=note["rule"], urn=urn, verdict=Verdict.EXEMPTED, message=printable(message)
        )
    if name.endswith(UNDECIDED_RULES) and (note := _UNDECIDED.fullmatch(first)):
        return Judgement(
            pack=pack, rule=note["rule"], urn=urn, verdict=Verdict.UNKNOWN, message=printable(rest)
        )
    verdict = _verdict(finding, text)
    return Judgement(
        pack=pack,
        rule=name,
        urn=urn,
        verdict=verdict,
        message=printable(text),
        rule_failed=verdict is Verdict.REFUSED and _has_failed(finding.rule, text),
    )


def _has_failed(rule: str, text: str) -> bool:
    return any(_RULE_FAILED.match(line.removeprefix(f"{rule} ")) for line in text.split("\n"))


def _verdict(finding: PolicyFinding, text: str) -> Verdict:
    if finding.level in _REFUSING:
        return Verdict.REFUSED
    return Verdict.UNKNOWN if text.startswith(_SDK_UNKNOWN) else Verdict.ADVISED


def _exempted(pack: str, urn: str, note: re.Match[str], rest: str) -> Judgement:
    message, _, reason = rest.rpartition("\nReason: ")
    return Judgement(
        pack=pack,
        rule=note["rule"],
        urn=urn,
        verdict=Verdict.EXEMPTED,
        message=printable(message or rest),
        exemption=Exemption(
            until=date.fromisoformat(note["until"]),
            owner=one_line(note["owner"]),
            reference=one_line(note["reference"]),
            reason=printable(reason),
        ),
    )


def _without_frame(finding: PolicyFinding, rule: Rule) -> str:
    """Return the finding without what the report shows beside it: description, resource and remediation."""
    text = finding.message.strip()
    if rule.description:
        text = text.removeprefix(rule.description).lstrip("\n")
    prefix = f"On {finding.urn.rpartition('::')[2]}: "
    text = "\n".join(line.removeprefix(prefix) for line in text.split("\n"))
    if rule.remediation:
        lines = text.split("\n")
        if lines[-1].startswith(_REMEDY_LABELS):
            text = "\n".join(lines[:-1])
    return text


def _without_events(
    found: Iterable[Judgement], packs: Sequence[Pack], stack_judged: set[str], *, lists_passed: bool
) -> Iterator[Judgement]:
    """Yield the rules without an event: they found nothing, or did not run because the run ended before."""
    reported = {(judgement.pack, judgement.rule) for judgement in found}
    for pack in packs:
        for rule in pack.rules:
            if (pack.name, rule.name) in reported or rule.name.endswith(BOOKKEEPING_RULES):
                continue
            ran = not lists_passed or pack.name in stack_judged
            yield Judgement(
                pack=pack.name,
                rule=rule.name,
                urn="",
                verdict=Verdict.NO_FINDING if ran else Verdict.UNKNOWN,
                message="" if ran else "Not judged: the run ended before the rules about the whole stack.",
                derived=True,
            )
