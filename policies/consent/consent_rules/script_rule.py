"""consent-not-scripted: no resource starts a search that is not declared.

A program, a template or a request that another resource holds can call AWS by itself. In a stack with a search such a
resource is refused unless a setting lists its type, and the text of every resource is searched for what such a call
needs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final

from pulumi_policy import Severity

from .listening import requested_resource
from .scope import SCOPE_SETTINGS, in_scope
from .scriptable_types import CALLS_NOTHING, SCRIPTABLE_TYPES
from .vendor.policy_kit.resources import Resource, walk
from .vendor.policy_kit.rule import Rule, Settings
from .vendor.policy_kit.setting_schemas import string_list
from .vendor.type_tokens import (
    MEDIA_INSIGHTS_PIPELINE,
    PIPELINE_CONFIGURATION,
    SPEAKER_SEARCH_TASK,
    VOICE_PROFILE_DOMAIN,
)

_STACK: Final = "pulumi:pulumi:Stack"
_OWN_COMPONENTS: Final = "speaker-search:"
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
    """Return whether resources of this type can call AWS by themselves."""
    prefixes = tuple(prefix.lower() for prefix in (*SCRIPTABLE_TYPES, *settings["scriptableTypes"]))
    return not in_scope(type_token, settings) and type_token.lower().startswith(prefixes)


def _calls_nothing(type_token: str) -> bool:
    return type_token == _STACK or type_token.startswith((_OWN_COMPONENTS, _PROVIDERS, *CALLS_NOTHING))


def scripted(resource: Resource, settings: Settings, today: date) -> Iterator[str]:
    """Refuse a resource that can call AWS beside a search, or whose text or properties are such a call."""
    if in_scope(resource.type, settings) or _calls_nothing(resource.type):
        return
    yield from _presence(resource, settings)
    subject = f"{resource.name}, a {resource.type},"
    if any(_OPERATIONS.search(text) for _, text in _texts(resource.properties)):
        yield f"{subject} has a call of voice analytics in its text, which these rules can't check."
    if is_scriptable(resource.type, settings):
        requested = requested_resource(resource.properties)
        if requested:
            yield f"{subject} has the properties of {requested}, which these rules can't check."


def _presence(resource: Resource, settings: Settings) -> Iterator[str]:
    with_search = any(in_scope(type_token, settings) for type_token in resource.types_before)
    allowed = resource.type in settings["allowedScriptableTypes"]
    if with_search and is_scriptable(resource.type, settings) and not allowed:
        yield (
            f"{resource.name}, a {resource.type}, can call AWS by itself beside a search, and its type is not in the"
            " setting allowedScriptableTypes."
        )


def _texts(value: Any) -> Iterator[tuple[str, str]]:
    """Yield (path, text) of every text, and every path as a text, because keys can hold a call too."""
    for path, found in walk(value):
        if isinstance(found, str):
            yield path, found
        yield path, path


def scripted_in_the_stack(
    stack: Sequence[Resource], settings: Settings, today: date
) -> Iterator[tuple[str, str]]:
    """Refuse the same in the whole stack, in any order, and resources that name a domain of a search."""
    ids = _domain_ids(stack)
    voice = {
        resource.urn
        for resource in stack
        if resource.type in (VOICE_PROFILE_DOMAIN, PIPELINE_CONFIGURATION, MEDIA_INSIGHTS_PIPELINE)
    }
    components = _parents(stack)
    for resource in stack:
        if in_scope(resource.type, settings) or _calls_nothing(resource.type):
            continue
        for finding in _presence(resource, settings):
            yield resource.urn, finding
        if is_scriptable(resource.type, settings):
            sources = {urn for urns in resource.property_dependencies.values() for urn in urns}
            if sources & voice:
                yield resource.urn, f"{resource.name}, a {resource.type}, gets an output of a search."
        elif resource.urn in components:
            continue  # A component calls nothing. Its children are checked by themselves.
        if ids and any(ids.search(text) for _, text in _texts(resource.properties)):
            yield (
                resource.urn,
                f"{resource.name}, a {resource.type}, names a voice profile domain of a search.",
            )


def _domain_ids(stack: Sequence[Resource]) -> re.Pattern[str] | None:
    """Return a pattern of the ids of all domains that are in the stack or that its searches use; None without any."""
    arns = [_domain_arn(resource) for resource in stack]
    ids = {arn.rpartition("/")[2] for arn in arns if isinstance(arn, str)}
    long = sorted(domain_id for domain_id in ids if len(domain_id) >= _DOMAIN_ID_MIN_CHARACTERS)
    return (
        re.compile(rf"(?<![\w-])({'|'.join(map(re.escape, long))})(?![\w-])", re.IGNORECASE) if long else None
    )


def _domain_arn(resource: Resource) -> Any:
    if resource.type == VOICE_PROFILE_DOMAIN:
        return resource.properties.get("arn")
    if resource.type == SPEAKER_SEARCH_TASK:
        return resource.properties.get("voice_profile_domain_arn")
    return None


def _parents(stack: Sequence[Resource]) -> set[str]:
    """Return the URNs of resources whose chain of types is that of a parent of another resource."""
    chains = {resource.type_chain[:end] for resource in stack for end in range(1, len(resource.type_chain))}
    return {resource.urn for resource in stack if resource.type_chain in chains}


NOT_SCRIPTED: Final = Rule(
    name="consent-not-scripted",
    description="No resource in a stack with a search may be able to start another search by itself.",
    severity=Severity.CRITICAL,
    framework=("BIPA", "2008", "740 ILCS 14/15(b)", "No collection of voiceprints without a written release"),
    remediation_steps="Declare searches with the SpeakerSearch component. Move scripts, functions and schedules to a"
    " stack of their own, or have them checked and list their types in allowedScriptableTypes",
    tags=("bypass",),
    settings={
        "additionalTypes": SCOPE_SETTINGS["additionalTypes"],
        "allowedScriptableTypes": string_list(
            "Whole type tokens of resources that can call AWS by themselves and may be in a stack with a search.",
            pattern="^[^:*\\s]+:[^:*\\s]*:[^:*\\s]+$",
            max_items=50,
            max_length=256,
        ),
        "scriptableTypes": string_list(
            "Prefixes of further types whose resources can call AWS by themselves. Adds to the list of the pack.",
            max_items=50,
            min_length=3,
            max_length=128,
        ),
    },
    waivers={"allowedScriptableTypes": []},
    check_inputs=scripted,
    check_stack=scripted_in_the_stack,
)
