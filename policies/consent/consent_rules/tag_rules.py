"""Rules on the consent tags of one resource: there, well-formed, in force, knowable.

No message repeats a value: the SDK hands out secrets in clear text, and a rule can't tell which ones they
are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, Final

from pulumi_policy import Severity

from . import vocabulary
from .links import TRUST_NOTHING, Stack
from .listening import has_ended, stands_still, would_listen
from .resource_view import NotKnown, Resource
from .rule import Rule, Settings
from .scope import SCOPE_SETTINGS, in_scope, tags_of
from .spelling import near_miss

ALWAYS_REQUIRED: Final = ("record-ref", "status", "expires")
"""What no setting can take out of the required tags:

without them no rule could say that consent is in force.
"""

_PATTERNS: Final = {name: re.compile(field.pattern) for name, field in vocabulary.FIELDS.items()}

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


def _tag(name: str, settings: Settings) -> str:
    return f"{settings['prefix']}{name}"


def lacking_tags(resource: Resource, settings: Settings, today: date) -> Iterator[str]:
    """A required tag that is missing, empty, or there under another spelling."""
    if stands_still(resource):
        return
    tags = tags_of(resource)
    required = (*ALWAYS_REQUIRED, *(name for name in settings["required"] if name not in ALWAYS_REQUIRED))
    own_keys = {_tag(name, settings) for name in vocabulary.FIELDS}
    strangers = [key for key in tags.values if key not in own_keys]
    lacks = []
    for key in (_tag(name, settings) for name in required):
        if key not in tags.values:
            if tags.absent is None:
                miss = near_miss(key, strangers)
                lacks.append(f"{key} (there is {miss}, which is another key)" if miss else key)
        elif isinstance(tags.values[key], str) and not tags.values[key].strip():
            lacks.append(f"{key} (empty)")
    if lacks:
        yield f"{resource.name} lacks {', '.join(lacks)}."


TAGS_REQUIRED: Final = Rule(
    name="consent-tags-required",
    description="What takes part in a speaker search must carry every required consent tag.",
    severity=Severity.CRITICAL,
    framework=_BIPA,
    remediation_steps="Have the privacy officer record the consent regime, and give its data as the tags; with the"
    " components, as one Consent value",
    tags=("consent", "biometrics"),
    settings={
        **SCOPE_SETTINGS,
        "required": {
            "type": "array",
            "uniqueItems": True,
            "maxItems": len(vocabulary.FIELDS),
            "items": {"type": "string", "enum": list(vocabulary.FIELDS)},
            "default": list(vocabulary.REQUIRED),
            "description": "The tags, without prefix, that must be there. record-ref, status and expires always are.",
        },
    },
    looks_at=in_scope,
    judge_inputs=lacking_tags,
    judge_outputs=lacking_tags,
)

_LISTS: Final = {"purpose": "purposes", "jurisdiction": "jurisdictions", "basis": "bases"}


def malformed_tags(resource: Resource, settings: Settings, today: date) -> Iterator[str]:
    """Values outside the grammar, words that a configured list lacks, and keys that the vocabulary lacks."""
    if stands_still(resource):
        return
    wrong: list[str] = []
    for name, value in tags_of(resource).consent(settings["prefix"]).items():
        key = _tag(name, settings)
        if name not in vocabulary.FIELDS:
            meant = near_miss(key, [_tag(known, settings) for known in vocabulary.FIELDS])
            wrong.append(f"{key!a} is no consent tag" + (f" (did you mean {meant}?)" if meant else ""))
        elif isinstance(value, NotKnown) or value == "":
            continue
        elif not isinstance(value, str):
            wrong.append(f"{key} is not text")
        elif not _PATTERNS[name].fullmatch(value) or (name == "expires" and day(value) is None):
            wrong.append(f"{key} is not of the form: {vocabulary.FIELDS[name].form}")
        elif name in _LISTS and settings[_LISTS[name]]:
            allowed = set(settings[_LISTS[name]])
            if any(word not in allowed for word in value.split("+")):
                wrong.append(f"{key} has a word that the setting {_LISTS[name]} does not list")
    if wrong:
        yield f"On {resource.name}: {'; '.join(wrong)}."


def _list_setting(what: str, pattern: str) -> dict[str, Any]:
    return {
        "type": "array",
        "uniqueItems": True,
        "maxItems": 500,
        "items": {"type": "string", "pattern": pattern, "maxLength": 128},
        "default": [],
        "description": f"The {what} that are allowed. Empty: any that is well-formed.",
    }


TAGS_WELL_FORMED: Final = Rule(
    name="consent-tags-well-formed",
    description="A consent tag must be one of the vocabulary and hold what the vocabulary says.",
    severity=Severity.HIGH,
    framework=_TS_27560,
    remediation_steps="Write the value in the form that is named; correct or remove keys that are no consent tags",
    tags=("consent", "tags"),
    settings={
        **SCOPE_SETTINGS,
        "purposes": _list_setting("purposes", "^[a-z][a-z0-9-]{0,62}$"),
        "jurisdictions": _list_setting("jurisdictions", "^[A-Z]{2}(-[A-Z0-9]{1,3})?$"),
        "bases": _list_setting("legal bases", "^[a-z]{2}(-[a-z0-9]{2,16})*:[A-Za-z0-9][A-Za-z0-9.-]{1,63}$"),
    },
    looks_at=in_scope,
    judge_inputs=malformed_tags,
    judge_outputs=malformed_tags,
)


def day(text: object) -> date | None:
    """The date that `YYYY-MM-DD` names, if it names one."""
    if not isinstance(text, str) or not _PATTERNS["expires"].fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def consent_out_of_force(resource: Resource, settings: Settings, today: date) -> Iterator[str]:
    """A status other than `given`, a last day that is past, or one that is too near, where something would listen.

    Absent tags are not its matter.
    """
    if would_listen(resource):
        wrong = _out_of_force(resource, settings, today)
        if wrong:
            yield f"On {resource.name}: {'; '.join(wrong)}."


def consent_out_of_force_now(resource: Resource, settings: Settings, today: date) -> Iterator[str]:
    """The same by its outputs: what has ended does not listen."""
    if not has_ended(resource):
        yield from consent_out_of_force(resource, settings, today)


def stands_on_consent_out_of_force(
    stack: Sequence[Resource], settings: Settings, today: date
) -> Iterator[tuple[str, str]]:
    """A task or pipeline that would listen on a domain, stream or configuration whose consent is not in force."""
    names = Stack(stack)
    for resource in stack:
        if not would_listen(resource) or has_ended(resource):
            continue
        wrong = [
            f"{fault} on its {found.link.what} {other.name}"
            for found in names.follow(resource, TRUST_NOTHING)
            for other in found.resources
            for fault in _out_of_force(other, settings, today)
        ]
        if wrong:
            yield resource.urn, f"On {resource.name}: {'; '.join(wrong)}."


def _out_of_force(resource: Resource, settings: Settings, today: date) -> list[str]:
    consent = tags_of(resource).consent(settings["prefix"])
    wrong: list[str] = []
    status, expires = consent.get("status"), consent.get("expires")
    if status is not None and not isinstance(status, NotKnown) and status != vocabulary.STATUS_GIVEN:
        wrong.append(f"{_tag('status', settings)} is not '{vocabulary.STATUS_GIVEN}'")
    if expires is not None and not isinstance(expires, NotKnown):
        wrong.extend(_lapse(day(expires), _tag("expires", settings), int(settings["minimumDaysLeft"]), today))
    return wrong


def _lapse(last_day: date | None, key: str, minimum_days: int, today: date) -> Iterable[str]:
    if last_day is None:
        return [f"{key} names no day, so consent can't be in force"]
    if last_day < today:
        return [f"{key} is past"]
    if (last_day - today).days < minimum_days:
        return [f"{key} is fewer than {minimum_days} days away"]
    return []


IN_FORCE: Final = Rule(
    name="consent-in-force",
    description="Where something listens or would start, consent must be given, and its last day not past or too near.",
    severity=Severity.CRITICAL,
    framework=("GDPR", "2016/679", "Article 7(3)", "Consent can be withdrawn at any time"),
    remediation_steps="Stop the search: declare it with listen off, or take it out, and run `pulumi up`. A new one"
    " needs the renewed consent of the people concerned, and its tags",
    tags=("consent", "biometrics"),
    settings={
        **SCOPE_SETTINGS,
        "minimumDaysLeft": {
            "type": "integer",
            "minimum": 0,
            "maximum": 3650,
            "default": 0,
            "description": "How many days must be left until the last day. 0: the last day itself still counts.",
        },
    },
    looks_at=in_scope,
    judge_inputs=consent_out_of_force,
    judge_stack=stands_on_consent_out_of_force,
    judge_outputs=consent_out_of_force_now,
)


def unknowable_tags(resource: Resource, settings: Settings, today: date) -> Iterator[str]:
    """A consent tag whose value, or whose presence, can't be known. Fails closed."""
    if stands_still(resource):
        return
    tags = tags_of(resource)
    unknown: Mapping[str, NotKnown] = {
        key: value
        for key, value in tags.values.items()
        if key.startswith(settings["prefix"]) and isinstance(value, NotKnown)
    }
    wrong = [f"{key} {why.why}" for key, why in unknown.items()]
    missing = [
        _tag(name, settings) for name in vocabulary.REQUIRED if _tag(name, settings) not in tags.values
    ]
    if tags.absent is not None and missing:
        wrong.append(f"whether it carries {', '.join(missing)} {tags.absent.why}")
    if wrong:
        yield f"On {resource.name}: {'; '.join(wrong)}. What can't be known is refused."


KNOWN: Final = Rule(
    name="consent-known",
    description="Every consent tag must be known before anything is made.",
    severity=Severity.HIGH,
    framework=("BIPA", "2008", "740 ILCS 14/15(b)", "Consent comes before collection"),
    remediation_steps="Give consent tags as plain text from config, not from another resource's output or a secret",
    tags=("consent", "unknown"),
    settings=dict(SCOPE_SETTINGS),
    looks_at=in_scope,
    judge_inputs=unknowable_tags,
)
