"""Keep secrets and personal data out of the reports.

If a rule found personal data in a resource, the reports leave out its name and tags. Such a rule has the
tag `personal-data`, or these words in its name.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from pulumi_speaker_search.lifecycle.stack_record import name_in

from .consent_rows import TagState
from .review_model import Judgement, Pack, ReviewedResource, Verdict
from .reviewed_resources import short_type
from .untrusted_text import one_line

PERSONAL_DATA = "personal-data"
NAME_WITHHELD = "(name withheld)"
_FOUND = frozenset({Verdict.REFUSED, Verdict.ADVISED, Verdict.EXEMPTED})


def redact_secrets(
    resources: Sequence[ReviewedResource], secret: frozenset[str]
) -> tuple[ReviewedResource, ...]:
    """Remove the values of fields that are secrets in the config or on any resource.

    One consent is written on many resources, and some of them return the secret in clear text.
    """
    hidden = secret | {
        tag.field for resource in resources for tag in resource.tags if tag.state is TagState.SECRET
    }
    return tuple(
        replace(
            resource,
            tags=tuple(
                replace(tag, state=TagState.SECRET, value="")
                if tag.field in hidden and tag.state is TagState.STATED
                else tag
                for tag in resource.tags
            ),
        )
        for resource in resources
    )


def redact_personal_data(
    resources: Sequence[ReviewedResource], judgements: Sequence[Judgement], packs: Iterable[Pack]
) -> tuple[tuple[ReviewedResource, ...], tuple[Judgement, ...]]:
    """Replace names, URNs and tag values of the resources in which a rule found personal data.

    All other URNs are made printable: until here, they connect the engine's events with the state.
    """
    privacy_rules = {
        (pack.name, rule.name) for pack in packs for rule in pack.rules if PERSONAL_DATA in rule.tags
    }
    found = {
        one.urn
        for one in judgements
        if one.verdict in _FOUND and ((one.pack, one.rule) in privacy_rules or PERSONAL_DATA in one.rule)
    }
    shown = {
        one.urn: _withheld(one, number) if one.urn in found else _printable(one, number)
        for number, one in enumerate(resources, start=1)
    }
    names = {text for one in resources if one.urn in found for text in (one.name, name_in(one.urn))}
    longest_first = sorted(names, key=len, reverse=True)
    return (
        tuple(shown[one.urn] for one in resources),
        tuple(_renamed(one, shown, longest_first) for one in judgements),
    )


def _printable(resource: ReviewedResource, number: int) -> ReviewedResource:
    """Make the URN printable. A changed URN gets a number, so that it stays unique."""
    urn = one_line(resource.urn)
    return resource if urn == resource.urn else replace(resource, urn=f"{urn} ({number})")


def _withheld(resource: ReviewedResource, number: int) -> ReviewedResource:
    name = f"{NAME_WITHHELD} {number}"
    return replace(
        resource,
        urn=resource.urn.removesuffix(name_in(resource.urn)) + name,
        name=name,
        label=f"{short_type(resource.type)} {name}",
        tags=tuple(
            replace(tag, state=TagState.WITHHELD, value="") if tag.state is TagState.STATED else tag
            for tag in resource.tags
        ),
    )


def _renamed(judgement: Judgement, shown: dict[str, ReviewedResource], names: Sequence[str]) -> Judgement:
    message = judgement.message
    for name in names:
        message = message.replace(name, NAME_WITHHELD)
    resource = shown.get(judgement.urn)
    return replace(judgement, message=message, urn=resource.urn if resource else one_line(judgement.urn))
