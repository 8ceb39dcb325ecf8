"""Rules on the consent tags of one resource: present, well-formed, known.

No message repeats a value: the SDK hands out secrets in clear text, and a rule can't tell which ones they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from pulumi_policy import Severity

from .listening import is_idle
from .scope import SCOPE_SETTINGS, Tags, in_scope, tags_of
from .spelling import near_miss
from .vendor.policy_kit.dates import parse_date
from .vendor.policy_kit.resources import Resource, Unknown
from .vendor.policy_kit.rule import Rule, Settings
from .vendor.policy_kit.setting_schemas import string_list
from .vendor.vocabulary import FIELDS, REQUIRED

ALWAYS_REQUIRED: Final = ("record-ref", "status", "expires")
"""Tags that no setting can make optional: without them no rule can tell whether consent is in force."""

_PATTERNS: Final = {name: re.compile(field.pattern) for name, field in FIELDS.items()}

_BIPA: Final = (
    "BIPA",
    "2008",
    "740 ILCS 14/15(b)",
    "Written notice of purpose and term, and a written release",
)
_TS_27560: Final = (
    "ISO/IEC TS 27560",
    "2023",
    "Consent record",
    "Fields of a consent record and how it is named",
)


def tag_key(name: str, settings: Settings) -> str:
    """Return the key of a consent tag: the prefix and the name."""
    return f"{settings['prefix']}{name}"


def missing_tags(resource: Resource, settings: Settings, today: date) -> Iterator[str]:
    """Refuse a required tag that is missing, empty, or present under another spelling."""
    if is_idle(resource):
        return
    tags = tags_of(resource)
    own_keys = {tag_key(name, settings) for name in FIELDS}
    foreign_keys = [key for key in tags.values if key not in own_keys]
    required = (*ALWAYS_REQUIRED, *(name for name in settings["required"] if name not in ALWAYS_REQUIRED))
    problems = [
        problem
        for name in required
        if (problem := _missing_tag(tag_key(name, settings), tags, foreign_keys)) is not None
    ]
    if problems:
        yield f"{resource.name} lacks {', '.join(problems)}."


def _missing_tag(key: str, tags: Tags, foreign_keys: list[str]) -> str | None:
    """Return how the tag is missing; None if it is present or may be."""
    if key in tags.values:
        value = tags.values[key]
        return f"{key} (empty)" if isinstance(value, str) and not value.strip() else None
    if tags.absent is not None:
        return None
    similar = near_miss(key, foreign_keys)
    return f"{key} (the tag {similar} has a different key)" if similar else key


TAGS_REQUIRED: Final = Rule(
    name="consent-tags-required",
    description="Everything that takes part in a speaker search must carry every required consent tag.",
    severity=Severity.CRITICAL,
    framework=_BIPA,
    remediation_steps="Have the privacy officer record the consent, then set the tags from that record: with the"
    " components, through one Consent value",
    tags=("consent", "biometrics"),
    settings={
        **SCOPE_SETTINGS,
        "required": {
            "type": "array",
            "uniqueItems": True,
            "maxItems": len(FIELDS),
            "items": {"type": "string", "enum": list(FIELDS)},
            "default": list(REQUIRED),
            "description": "The required tags, without prefix. record-ref, status and expires are always required.",
        },
    },
    applies_to=in_scope,
    check_inputs=missing_tags,
    check_outputs=missing_tags,
)

_LISTS: Final = {"purpose": "purposes", "jurisdiction": "jurisdictions", "basis": "bases"}
"""Tag → setting that lists its allowed words."""


def malformed_tags(resource: Resource, settings: Settings, today: date) -> Iterator[str]:
    """Refuse values of another form, words that a configured list lacks, and keys that the vocabulary lacks."""
    if is_idle(resource):
        return
    problems = [
        problem
        for name, value in tags_of(resource).consent(settings["prefix"]).items()
        if (problem := _malformed_tag(name, value, settings)) is not None
    ]
    if problems:
        yield f"On {resource.name}: {'; '.join(problems)}."


def _malformed_tag(name: str, value: Any, settings: Settings) -> str | None:
    key = tag_key(name, settings)
    if name not in FIELDS:
        similar = near_miss(key, [tag_key(known, settings) for known in FIELDS])
        return f"{key!a} is no consent tag" + (f" (did you mean {similar}?)" if similar else "")
    if isinstance(value, Unknown) or value == "":
        return None
    if not isinstance(value, str):
        return f"{key} is not text"
    if not _PATTERNS[name].fullmatch(value) or (name == "expires" and parse_date(value) is None):
        return f"{key} is not of the form: {FIELDS[name].form}"
    allowed = settings[_LISTS[name]] if name in _LISTS else ()
    if allowed and not set(value.split("+")) <= set(allowed):
        return f"{key} has a word that is not in the setting {_LISTS[name]}"
    return None


def _allowed_words(noun: str, pattern: str) -> dict[str, Any]:
    return string_list(
        f"The {noun} that are allowed. Empty: any that is well-formed.", pattern=pattern, max_length=128
    )


TAGS_WELL_FORMED: Final = Rule(
    name="consent-tags-well-formed",
    description="A consent tag must be one of the vocabulary, with a value of the form that the vocabulary gives.",
    severity=Severity.HIGH,
    framework=_TS_27560,
    remediation_steps="Write the value in the form that the message names; correct or remove keys that are no consent"
    " tags",
    tags=("consent", "tags"),
    settings={
        **SCOPE_SETTINGS,
        "purposes": _allowed_words("purposes", "^[a-z][a-z0-9-]{0,62}$"),
        "jurisdictions": _allowed_words("jurisdictions", "^[A-Z]{2}(-[A-Z0-9]{1,3})?$"),
        "bases": _allowed_words("legal bases", "^[a-z]{2}(-[a-z0-9]{2,16})*:[A-Za-z0-9][A-Za-z0-9.-]{1,63}$"),
    },
    applies_to=in_scope,
    check_inputs=malformed_tags,
    check_outputs=malformed_tags,
)


def unknown_tags(resource: Resource, settings: Settings, today: date) -> Iterator[str]:
    """Refuse a consent tag whose value, or whose presence, is unknown."""
    if is_idle(resource):
        return
    tags = tags_of(resource)
    unknown: Mapping[str, Unknown] = {
        key: value
        for key, value in tags.values.items()
        if key.startswith(settings["prefix"]) and isinstance(value, Unknown)
    }
    problems = [f"{key} {value.reason}" for key, value in unknown.items()]
    missing = [key for name in REQUIRED if (key := tag_key(name, settings)) not in tags.values]
    if tags.absent is not None and missing:
        problems.append(f"whether it carries {', '.join(missing)} {tags.absent.reason}")
    if problems:
        yield f"On {resource.name}: {'; '.join(problems)}. An unknown consent tag is refused."


KNOWN: Final = Rule(
    name="consent-known",
    description="Every consent tag must be known before anything is made.",
    severity=Severity.HIGH,
    framework=("BIPA", "2008", "740 ILCS 14/15(b)", "Consent comes before collection"),
    remediation_steps="Set consent tags as plain text from config, not from a secret or from the output of another"
    " resource",
    tags=("consent", "unknown"),
    settings=dict(SCOPE_SETTINGS),
    applies_to=in_scope,
    check_inputs=unknown_tags,
)
