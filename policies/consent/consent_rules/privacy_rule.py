"""consent-no-personal-data: tags, names and descriptions are not confidential, so that they must not name a person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Final

from pulumi_policy import Severity

from .personal_data import kinds_of_personal_data
from .scope import SCOPE_SETTINGS, in_scope, tags_of
from .vendor.policy_kit.resources import Resource, walk
from .vendor.policy_kit.rule import Rule, Settings
from .vendor.policy_kit.setting_schemas import string_list


def _texts(resource: Resource, settings: Settings) -> Iterator[tuple[str, str, bool]]:
    """Yield (place, text, whether it may be a bare number).

    A place never repeats a key that could itself name a person.
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
    """Refuse e-mail addresses, and phone, identity, account and card numbers, by kind and place, never by value."""
    found: dict[str, None] = {}
    for place, text, may_be_number in _texts(resource, settings):
        if text in settings["allowedTexts"]:
            continue
        for kind in kinds_of_personal_data(text, may_be_number=may_be_number):
            found[f"{place} has {kind}"] = None
    if found:
        # Without the name of the resource: it may be the personal data.
        yield f"In this {resource.type.rpartition(':')[2]}: {'; '.join(found)}. The value is not repeated here."


NO_PERSONAL_DATA: Final = Rule(
    name="consent-no-personal-data",
    description="Tags, names and descriptions are not confidential and must not hold personal data.",
    severity=Severity.CRITICAL,
    framework=("GDPR", "2016/679", "Articles 5(1)(c) and 5(1)(f)", "Data minimisation and confidentiality"),
    remediation_steps="Replace it by an opaque record id. If it was ever deployed, remove it from AWS and from the"
    " history of the state as well",
    tags=("consent", "personal-data"),
    settings={
        **SCOPE_SETTINGS,
        "properties": string_list(
            "Top-level properties that are searched, besides the tags and the name of the resource.",
            pattern="^[A-Za-z_][A-Za-z0-9_]{0,127}$",
            default=["name", "description", "media_insights_runtime_metadata"],
            max_items=50,
            max_length=None,
        ),
        "allowedTexts": string_list(
            "Whole texts that look like personal data and, as a review has shown, are not.",
            max_items=200,
            min_length=1,
            max_length=256,
        ),
    },
    waivers={"allowedTexts": []},
    applies_to=in_scope,
    check_inputs=personal_data,
    check_outputs=personal_data,
)
