"""What each list of exemptions makes of refusals. Each case runs the whole consent pack."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from tests.policies.analyzer import Analyzer, Declared
from tests.policies.voice_stack import TASK, consent, task, whole

WITHDRAWN: Final = whole(task=task("search", tags=consent(status="withdrawn")))
_LINE: Final = task("line")
DRIFTED: Final = whole(
    task=Declared(
        TASK, "line", _LINE.inputs, {**_LINE.inputs, "tags": consent(status="withdrawn")}, _LINE.parents
    )
)
ENTRY: Final[Mapping[str, Any]] = {
    "rule": "consent-in-force",
    "resource": "search",
    "reference": "DPIA-12",
    "owner": "privacy-office",
    "reason": "The renewal is signed this week",
    "until": "2026-12-31",
}
_REFUSED: Final = frozenset({("consent-in-force", "mandatory")})
_TOLD: Final = frozenset({("consent-exempted", "advisory")})
_INVALID: Final = frozenset({("consent-exemptions", "mandatory")})


@dataclass(frozen=True)
class ExemptionCase:
    """A list of exemptions, and every (rule, level) that must be reported under it.

    Attributes:
        hints: Words that some message must have.
        secrets: Words that no message may have.
    """

    title: str
    entries: Sequence[Mapping[str, Any]]
    expected: frozenset[tuple[str, str]]
    resources: tuple[Declared, ...] = WITHDRAWN
    hints: tuple[str, ...] = ()
    secrets: tuple[str, ...] = ()
    settings: Mapping[str, Any] = field(default_factory=dict)
    levels: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.title.replace(" ", "_")

    def holds(self, policies: Iterable[Any]) -> bool:
        """Return whether a run with these policies reports what is expected."""
        made = list(policies)
        settings: dict[str, dict[str, Any]] = {
            name: {"enforcementLevel": level} for name, level in self.levels.items()
        }
        settings.setdefault("consent-exemptions", {}).update(
            {"exemptions": list(self.entries), **self.settings}
        )
        verdicts = Analyzer(made, settings).judge(self.resources)
        messages = "\n".join(one.message for one in verdicts)
        return (
            {(one.rule, one.level) for one in verdicts} == self.expected
            and len(verdicts) == len({(one.rule, one.urn, one.message) for one in verdicts})
            and all(hint in messages for hint in self.hints)
            and not any(word in messages for word in self.secrets)
        )


def _with(**changed: Any) -> list[dict[str, Any]]:
    return [{**ENTRY, **changed}]


_SHORT_NAME: Final = whole(task=task("t1", tags=consent(status="expired")))
_SEARCH_URN: Final = task("search").urn


def _invalid(
    title: str,
    *hints: str,
    secrets: Sequence[str] = (),
    settings: Mapping[str, Any] | None = None,
    entry: Mapping[str, Any] | None = None,
    **changed: Any,
) -> ExemptionCase:
    return ExemptionCase(
        title,
        _with(**changed, **(entry or {})),
        _REFUSED | _INVALID,
        hints=hints,
        secrets=tuple(secrets),
        settings=settings or {},
    )


EXEMPTION_CASES: Final = (
    ExemptionCase("no exemptions", [], _REFUSED, hints=("search: consent:status is not",)),
    ExemptionCase(
        "one in force stays visible, until when and by whom",
        [ENTRY],
        _TOLD,
        hints=(
            "exempted rule=consent-in-force until=2026-12-31 owner=privacy-office reference=DPIA-12",
            "Reason: The renewal",
            "On search: consent:status is not 'given'",
        ),
    ),
    ExemptionCase("on its last day", _with(until="2026-11-23"), _TOLD),
    ExemptionCase("as far ahead as allowed", _with(until="2027-02-21"), _TOLD),
    ExemptionCase(
        "as far ahead as a setting allows", _with(until="2026-11-30"), _TOLD, settings={"maximumDays": 7}
    ),
    ExemptionCase("by URN", _with(resource=_SEARCH_URN), _TOLD),
    ExemptionCase("by pattern", _with(resource="sea*"), _TOLD),
    ExemptionCase("by pattern in the middle", _with(resource="s*arch"), _TOLD),
    ExemptionCase("by the shortest pattern", _with(resource="sea*"), _TOLD),
    ExemptionCase("by a name shorter than a pattern may be", _with(resource="t1"), _TOLD, _SHORT_NAME),
    ExemptionCase("by an owner that is listed", [ENTRY], _TOLD, settings={"owners": ["privacy-office"]}),
    ExemptionCase("for what drifted in AWS", _with(resource="line"), _TOLD, DRIFTED),
    ExemptionCase("drift without exemption", [], _REFUSED, DRIFTED),
    ExemptionCase(
        "one that is in force beside one that is not",
        [*_with(until="2026-01-01"), ENTRY],
        _TOLD | _INVALID,
        hints=("exemption 1 of the list has no effect: it expired on 2026-01-01",),
    ),
    ExemptionCase(
        "one unused",
        [ENTRY, *_with(resource="stream")],
        _TOLD | _INVALID,
        hints=("exemption 2 of the list is unused",),
    ),
    ExemptionCase(
        "one for a resource that is none",
        _with(resource="searches"),
        _REFUSED | _INVALID,
        hints=("1 of the list is unused",),
    ),
    ExemptionCase(
        "one for another rule", _with(rule="consent-known"), _REFUSED | _INVALID, hints=("is unused",)
    ),
    ExemptionCase(
        "another URN", _with(resource=f"{_SEARCH_URN}2"), _REFUSED | _INVALID, hints=("is unused",)
    ),
    ExemptionCase("one unused in a good stack", [ENTRY], _INVALID, whole(), hints=("is unused",)),
    ExemptionCase(
        "a dot is no wildcard", _with(resource="s.arch"), _REFUSED | _INVALID, hints=("is unused",)
    ),
    ExemptionCase(
        "where the advisories are switched off none counts",
        [ENTRY],
        _REFUSED,
        levels={"consent-exempted": "disabled"},
    ),
    ExemptionCase(
        "where the advisories are switched off a bad one is still refused",
        _with(until="2026-01-01"),
        _REFUSED | _INVALID,
        levels={"consent-exempted": "disabled"},
    ),
    ExemptionCase(
        "where the list is switched off none counts",
        [ENTRY],
        _REFUSED,
        levels={"consent-exemptions": "disabled"},
    ),
    _invalid("expired yesterday", "it expired on 2026-11-22", until="2026-11-22"),
    _invalid("a day too far ahead", "more than 90 days ahead", until="2027-02-22"),
    _invalid(
        "a day more than a setting allows",
        "more than 7 days",
        until="2026-12-01",
        settings={"maximumDays": 7},
    ),
    _invalid("no date", "until must be a date", until="soon"),
    _invalid("a day that no month has", "until must be a date", until="2026-11-31"),
    _invalid("a date in short form", "until must be a date", until="20261231"),
    _invalid("everything", "matches too much", resource="*"),
    _invalid("nearly everything", "matches too much", resource="*e*r"),
    _invalid("letters between asterisks", "matches too much", resource="*e*a*r*"),
    _invalid("words between asterisks", "matches too much", resource="*sear*arch*"),
    _invalid("two letters beside an asterisk", "matches too much", resource="se*"),
    _invalid("two letters on either side of an asterisk", "matches too much", resource="se*ch"),
    _invalid("a rule that is none", "rule is not the name", rule="consent-x"),
    _invalid("the rule of exemptions itself", "rule is not the name", rule="consent-exemptions"),
    _invalid(
        "a person as owner", "owner must be a role", owner="a.person@example.com", secrets=("a.person",)
    ),
    _invalid("a name as owner", "owner must be a role", owner="A Person", secrets=("A Person",)),
    _invalid(
        "an owner with a number of a person",
        "owner must be a role",
        owner="agent-21-75550123",
        secrets=("2175",),
    ),
    _invalid("an owner off the list", "not in the setting owners", settings={"owners": ["security"]}),
    _invalid("a reason too short", "reason must have at least 10", reason="too short"),
    _invalid(
        "a reason with an address", "no address", reason="Ask a.person@example.com", secrets=("a.person",)
    ),
    _invalid("a reason with a number", "no address", reason="Ask at 217 555 0123 please", secrets=("555",)),
    _invalid("a reference too short", "reference must be", reference="D1"),
    _invalid("a reference with spaces", "reference must be", reference="see the wiki"),
    *(_invalid(f"no {name}", f"{name} is missing", entry={name: ""}) for name in ENTRY),
    *(_invalid(f"a blank {name}", f"{name} is missing", entry={name: "  "}) for name in ENTRY),
)
