"""consent-not-scripted: the ways to start a search without declaring one.

A program, a template or a request that another resource holds can call AWS by itself. Where a search takes part in the
stack, such resources are refused unless a setting lists their type; and the text of every resource is searched for what
such a call needs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final

from pulumi_policy import Severity

from .listening import shape
from .resource_view import Resource, walk
from .rule import Rule, Settings
from .scope import CONFIGURATION, DOMAIN, PIPELINE, SCOPE_SETTINGS, SEARCH_TASK, in_scope
from .scriptable_types import CALLS_NOTHING, SCRIPTABLE_TYPES

_STACK: Final = "pulumi:pulumi:Stack"
_OURS: Final = "speaker-search:"
_PROVIDERS: Final = "pulumi:providers:"
_DOMAIN_ID_MIN_CHARACTERS: Final = 8

_OPERATIONS: Final = re.compile(
    r"(start[-_ ]?speaker[-_ ]?search[-_ ]?task|start[-_ ]?voice[-_ ]?tone[-_ ]?analysis[-_ ]?task"
    r"|create[-_ ]?media[-_ ]?insights[-_ ]?pipeline(?![-_ ]?configuration)"
    r"|create[-_ ]?voice[-_ ]?profile(?![-_ ]?domain)"
    r"|speaker-search-tasks|voice-tone-analysis-tasks|:voice-profile-domain/)",
    re.IGNORECASE,
)


def is_scriptable(type_token: str, settings: Settings) -> bool:
    """Whether its resources can make calls of their own."""
    starts = (*SCRIPTABLE_TYPES, *settings["scriptableTypes"])
    return not in_scope(type_token, settings) and type_token.lower().startswith(tuple(map(str.lower, starts)))


def _calls_nothing(type_token: str) -> bool:
    return type_token == _STACK or type_token.startswith((_OURS, _PROVIDERS, *CALLS_NOTHING))


def scripted(resource: Resource, settings: Settings, today: date) -> Iterator[str]:
    """A resource that can make calls beside a search, or whose text or shape is such a call."""
    if in_scope(resource.type, settings) or _calls_nothing(resource.type):
        return
    yield from _presence(resource, settings)
    if any(_OPERATIONS.search(text) for _, text in _texts(resource.properties)):
        yield f"{resource.name}, a {resource.type}, calls for voice analytics in its text, past these rules."
    if is_scriptable(resource.type, settings):
        what = shape(resource.properties)
        if what:
            yield (
                f"{resource.name}, a {resource.type}, has the shape of {what}, and would start it past these rules."
            )


def _presence(resource: Resource, settings: Settings) -> Iterator[str]:
    takes_part = any(in_scope(one, settings) for one in resource.types_before)
    allowed = resource.type in settings["allowedScriptableTypes"]
    if takes_part and is_scriptable(resource.type, settings) and not allowed:
        yield (
            f"{resource.name}, a {resource.type}, can make calls of its own beside a search, and the setting"
            " allowedScriptableTypes does not list it."
        )


def _texts(value: Any) -> Iterator[tuple[str, str]]:
    """Every text with its path; of a mapping with text keys, the keys too."""
    for path, found in walk(value):
        if isinstance(found, str):
            yield path, found
        yield path, path


def scripted_in_the_stack(
    stack: Sequence[Resource], settings: Settings, today: date
) -> Iterator[tuple[str, str]]:
    """The same with the whole stack in sight: who comes before whom does not count, and the domains' ids are known."""
    ids = _domain_ids(stack)
    voice = {one.urn for one in stack if one.type in (DOMAIN, CONFIGURATION, PIPELINE)}
    components = _parents(stack)
    for resource in stack:
        if in_scope(resource.type, settings) or _calls_nothing(resource.type):
            continue
        for finding in _presence(resource, settings):
            yield resource.urn, finding
        if is_scriptable(resource.type, settings):
            sources = {urn for urns in resource.property_dependencies.values() for urn in urns}
            if sources & voice:
                yield resource.urn, f"{resource.name}, a {resource.type}, is given something of a search."
        elif resource.urn in components:
            continue  # what a component gives out calls nothing; what stands in it is judged by itself
        if ids and any(ids.search(text) for _, text in _texts(resource.properties)):
            yield (
                resource.urn,
                f"{resource.name}, a {resource.type}, names a voice profile domain of a search.",
            )


def _domain_ids(stack: Sequence[Resource]) -> re.Pattern[str] | None:
    """What finds the ids of the domains that are in the stack, or that its searches name."""
    arns = [
        *(one.properties.get("arn") for one in stack if one.type == DOMAIN),
        *(one.properties.get("voice_profile_domain_arn") for one in stack if one.type == SEARCH_TASK),
    ]
    ids = {arn.rpartition("/")[2] for arn in arns if isinstance(arn, str)}
    long = sorted(one for one in ids if len(one) >= _DOMAIN_ID_MIN_CHARACTERS)
    return (
        re.compile(rf"(?<![\w-])({'|'.join(map(re.escape, long))})(?![\w-])", re.IGNORECASE) if long else None
    )


def _parents(stack: Sequence[Resource]) -> set[str]:
    """URNs of resources that others stand under, by the types in those others' URNs."""
    above: set[str] = set()
    for one in stack:
        types = one.urn.split("::")[2].split("$")
        above.update("$".join(types[:end]) for end in range(1, len(types)))
    return {one.urn for one in stack if one.urn.split("::")[2] in above}


NOT_SCRIPTED: Final = Rule(
    name="consent-not-scripted",
    description="Nothing in a stack with a search may be able to start another one past these rules.",
    severity=Severity.CRITICAL,
    framework=("BIPA", "2008", "740 ILCS 14/15(b)", "No collection of voiceprints without a written release"),
    remediation_steps="Declare searches through the SpeakerSearch component; move scripts, functions and schedules to a"
    " stack of their own, or have them checked and list their types in allowedScriptableTypes",
    tags=("bypass",),
    settings={
        "additionalTypes": SCOPE_SETTINGS["additionalTypes"],
        "allowedScriptableTypes": {
            "type": "array",
            "uniqueItems": True,
            "maxItems": 50,
            "items": {"type": "string", "pattern": "^[^:*\\s]+:[^:*\\s]*:[^:*\\s]+$", "maxLength": 256},
            "default": [],
            "description": "Type tokens, each whole, that can make calls of their own and may stand beside a search.",
        },
        "scriptableTypes": {
            "type": "array",
            "uniqueItems": True,
            "maxItems": 50,
            "items": {"type": "string", "minLength": 3, "maxLength": 128},
            "default": [],
            "description": "What further types start with whose resources can make calls; adds to the pack's own list.",
        },
    },
    excuses={"allowedScriptableTypes": []},
    judge_inputs=scripted,
    judge_stack=scripted_in_the_stack,
)
