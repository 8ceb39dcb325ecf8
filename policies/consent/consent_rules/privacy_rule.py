"""consent-no-personal-data:

tags, names and descriptions are not confidential, so no person may stand in them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from pulumi_policy import Severity

from .personal_data import kinds_of_personal_data
from .resource_view import Resource, walk
from .rule import Rule, Settings
from .scope import SCOPE_SETTINGS, in_scope, tags_of


def _texts(resource: Resource, settings: Settings) -> Iterator[tuple[str, str, bool]]:
    """(where, text, whether it may be a bare number).

    A place never repeats a key that could itself be a person.
    """
    yield "its name in the program", resource.name, True
    for number, (key, value) in enumerate(tags_of(resource).values.items(), start=1):
        is_consent = key.startswith(settings["prefix"])
        yield f"the key of tag {number}", key, True
        if isinstance(value, str):
            yield f"the tag {key}" if is_consent else f"the value of tag {number}", value, not is_consent
    for name in settings["properties"]:
        for _, value in walk(resource.properties.get(name)):
            if isinstance(value, str):
                yield name, value, True


def personal_data(resource: Resource, settings: Settings, today: date) -> Iterator[str]:
    """E-mail addresses, phone, identity, account and card numbers.

    Says the kind and the place, never the value.
    """
    found: dict[str, None] = {}
    for place, text, may_be_number in _texts(resource, settings):
        if text in settings["allowedTexts"]:
            continue
        for kind in kinds_of_personal_data(text, may_be_number=may_be_number):
            found[f"{place} has {kind}"] = None
    if found:
        # The name of the resource is left out: it may be what has to go.
        yield f"In this {resource.type.rpartition(':')[2]}: {'; '.join(found)}. The value is not repeated here."


NO_PERSONAL_DATA: Final = Rule(
    name="consent-no-personal-data",
    description="Tags, names and descriptions are not confidential and must not hold personal data.",
    severity=Severity.CRITICAL,
    framework=("GDPR", "2016/679", "Articles 5(1)(c) and 5(1)(f)", "Data minimisation and confidentiality"),
    remediation_steps="Put an opaque record id in its place. If it was ever deployed, remove it from AWS and from the"
    " state's history too",
    tags=("consent", "personal-data"),
    settings={
        **SCOPE_SETTINGS,
        "properties": {
            "type": "array",
            "uniqueItems": True,
            "maxItems": 50,
            "items": {"type": "string", "pattern": "^[A-Za-z_][A-Za-z0-9_]{0,127}$"},
            "default": ["name", "description", "media_insights_runtime_metadata"],
            "description": "Top-level properties that are looked through, besides the tags and the resource's name.",
        },
        "allowedTexts": {
            "type": "array",
            "uniqueItems": True,
            "maxItems": 200,
            "items": {"type": "string", "minLength": 1, "maxLength": 256},
            "default": [],
            "description": "Texts, each whole, that look like personal data and that somebody has checked to be none.",
        },
    },
    excuses={"allowedTexts": []},
    looks_at=in_scope,
    judge_inputs=personal_data,
    judge_outputs=personal_data,
)
