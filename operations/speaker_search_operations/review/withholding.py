"""Keeps personal data out of the reports where a rule has found some: then the resource's name and tags stay away.

A rule that looks for personal data is known by its tag `personal-data`, or by those words in its name.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from .review_model import Judgement, Pack, ReviewedResource, TagState, Verdict
from .reviewed_resources import short_type

PERSONAL_DATA = "personal-data"
NAME_WITHHELD = "(name withheld)"
_FOUND = frozenset({Verdict.REFUSED, Verdict.ADVISED, Verdict.EXEMPTED})


def without_personal_data(
    resources: Sequence[ReviewedResource], judgements: Sequence[Judgement], packs: Iterable[Pack]
) -> tuple[tuple[ReviewedResource, ...], tuple[Judgement, ...]]:
    """The same, with names, URNs and tag values replaced for the resources that a rule says hold personal data."""
    watching = {(pack.name, rule.name) for pack in packs for rule in pack.rules if PERSONAL_DATA in rule.tags}
    found = {
        one.urn
        for one in judgements
        if one.verdict in _FOUND and ((one.pack, one.rule) in watching or PERSONAL_DATA in one.rule)
    }
    withheld = {
        one.urn: _withheld(one, number)
        for number, one in enumerate((one for one in resources if one.urn in found), start=1)
    }
    names = sorted({one.name for one in resources if one.urn in withheld}, key=len, reverse=True)
    return (
        tuple(withheld.get(one.urn, one) for one in resources),
        tuple(_renamed(one, withheld, names) for one in judgements),
    )


def _withheld(resource: ReviewedResource, number: int) -> ReviewedResource:
    name = f"{NAME_WITHHELD} {number}"
    return replace(
        resource,
        urn=resource.urn.rpartition("::")[0] + f"::{name}",
        name=name,
        label=f"{short_type(resource.type)} {name}",
        tags=tuple(
            replace(tag, state=TagState.WITHHELD, value="") if tag.state is TagState.STATED else tag
            for tag in resource.tags
        ),
    )


def _renamed(judgement: Judgement, withheld: dict[str, ReviewedResource], names: Sequence[str]) -> Judgement:
    message = judgement.message
    for name in names:
        message = message.replace(name, NAME_WITHHELD)
    resource = withheld.get(judgement.urn)
    return replace(judgement, message=message, urn=resource.urn if resource else judgement.urn)
