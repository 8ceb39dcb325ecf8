"""consent-not-bypassed: the ways to have a search without the rules seeing its tags."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from pulumi_policy import Severity

from .resource_view import NotKnown, Resource, walk
from .rule import Rule, Settings
from .scope import PIPELINE, SCOPE_SETTINGS, SEARCH_TASK, TONE_TASK, in_scope

_TAG_PROPERTIES: Final = frozenset({"tags", "tagsAll", "tags_all", "*"})
_PATH_KEY: Final = re.compile(r"""^(?P<root>[^.\[]+)(?:\.|\[)?["']?(?P<key>[^"'\]]*)["']?\]?$""")

_PLACED: Final = frozenset({PIPELINE, SEARCH_TASK, TONE_TASK})
"""Types that are only made where a component of ours, or the program itself, put them."""

_SHAPES: Final[tuple[tuple[str, frozenset[str]], ...]] = (
    ("a speaker search task", frozenset({"voiceprofiledomainarn", "identifier"})),
    (
        "a speaker search task",
        frozenset({"voiceprofiledomainarn", "kinesisvideostreamsourcetaskconfiguration"}),
    ),
    ("a voice analytics task", frozenset({"kinesisvideostreamsourcetaskconfiguration"})),
    ("a media insights pipeline", frozenset({"mediainsightspipelineconfigurationarn"})),
    ("a voice profile", frozenset({"speakersearchtaskid"})),
)
"""What a resource is, by the keys that it needs for it; case and underscores don't count."""

_OPERATIONS: Final = re.compile(
    r"(start[-_]?speaker[-_]?search[-_]?task|start[-_]?voice[-_]?tone[-_]?analysis[-_]?task"
    r"|create[-_]?media[-_]?insights[-_]?pipeline(?![-_]?configuration)|create[-_]?voice[-_]?profile(?![-_]?domain)"
    r"|/speaker-search-tasks|:voice-profile-domain/)",
    re.IGNORECASE,
)


def hidden_tags(resource: Resource, settings: Settings) -> Iterator[str]:
    """`ignoreChanges` on consent tags, and `tags` that say something else than `tagsAll`."""
    for path in resource.ignore_changes:
        match = _PATH_KEY.match(path.strip().strip("[]\"'"))
        root, key = (match["root"], match["key"]) if match else ("*", "")
        if root in _TAG_PROPERTIES and (key in ("", "*") or key.startswith(settings["prefix"])):
            yield "ignoreChanges keeps changes of its consent tags from being seen"
            break
    own, everything = resource.properties.get("tags"), resource.properties.get("tagsAll")
    if isinstance(own, Mapping) and isinstance(everything, Mapping):
        differing = [
            key
            for key, value in own.items()
            if key.startswith(settings["prefix"])
            and not isinstance(value, NotKnown)
            and not isinstance(everything.get(key), NotKnown)
            and everything.get(key) != value
        ]
        if differing:
            yield f"tags and tagsAll contradict each other in {', '.join(sorted(differing))}"


def wrong_parent(resource: Resource, settings: Settings) -> Iterator[str]:
    """A task or pipeline that hangs directly under something that is not known to pass its tags on."""
    if resource.type not in _PLACED:
        return
    parent = resource.parent_type
    if parent is None and not settings["allowedAtTheRoot"]:
        yield "it stands right under the stack, and the setting allowedAtTheRoot is off"
    if parent is not None and parent not in settings["allowedParents"]:
        yield f"its parent is of type {parent}, which the setting allowedParents does not list"


def without_ledger(resource: Resource, settings: Settings) -> Iterator[str]:
    """A search that could be lost: nobody can list tasks, so a task without ledger may run on unseen."""
    if (
        resource.type in _PLACED
        and resource.properties.get("ledger") is False
        and not settings["allowWithoutLedger"]
    ):
        yield "its ledger is switched off, so that a lost task could not be found and stopped"


def disguised(resource: Resource, settings: Settings) -> Iterator[str]:
    """A dynamic or command resource that has the shape of a task, pipeline or voice profile, or calls for
    one."""
    keys = {re.sub(r"[^a-z]", "", key.lower()) for key in _keys(resource.properties)}
    shape = next((what for what, needed in _SHAPES if needed <= keys), None)
    if shape:
        yield f"a {resource.type} has the shape of {shape}, and would start it past these rules"
    elif any(_OPERATIONS.search(text) for _, text in walk(resource.properties) if isinstance(text, str)):
        yield f"a {resource.type} calls for voice analytics in its text, past these rules"


def _keys(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        for key, element in value.items():
            yield str(key)
            yield from _keys(element)
    elif isinstance(value, list):
        for element in value:
            yield from _keys(element)


def _is_scriptable(type_token: str, settings: Settings) -> bool:
    return type_token.startswith(tuple(settings["scriptableTypes"]))


def _looks_at(type_token: str, settings: Settings) -> bool:
    return in_scope(type_token, settings) or _is_scriptable(type_token, settings)


def bypasses(resource: Resource, settings: Settings, today: date) -> Iterator[str]:
    """Everything above that applies to the resource, in one sentence."""
    if in_scope(resource.type, settings):
        found = [
            *hidden_tags(resource, settings),
            *wrong_parent(resource, settings),
            *without_ledger(resource, settings),
        ]
    else:
        found = list(disguised(resource, settings))
    if found:
        yield f"{resource.name}: {'; '.join(found)}."


NOT_BYPASSED: Final = Rule(
    name="consent-not-bypassed",
    description="Nothing may hide consent tags from these rules, or start a search past them.",
    severity=Severity.CRITICAL,
    framework=("BIPA", "2008", "740 ILCS 14/15(b)", "No collection of voiceprints without a written release"),
    remediation_steps="Declare tasks and pipelines through the SpeakerSearch component or directly in the program,"
    " as the types of this project, and let tags be seen",
    tags=("consent", "bypass"),
    settings={
        **SCOPE_SETTINGS,
        "allowedParents": {
            "type": "array",
            "uniqueItems": True,
            "maxItems": 50,
            "items": {"type": "string", "pattern": "^[^:\\s]+:[^:\\s]*:[^:\\s]+$"},
            "default": ["speaker-search:index:SpeakerSearch"],
            "description": "Component types that may be the direct parent of a task or pipeline.",
        },
        "allowedAtTheRoot": {
            "type": "boolean",
            "default": True,
            "description": "Whether a task or pipeline may stand right under the stack, without a component.",
        },
        "allowWithoutLedger": {
            "type": "boolean",
            "default": False,
            "description": "Whether a task or pipeline may be made with ledger=False.",
        },
        "scriptableTypes": {
            "type": "array",
            "uniqueItems": True,
            "maxItems": 50,
            "items": {"type": "string", "minLength": 3, "maxLength": 128},
            "default": [
                "pulumi-python:dynamic",
                "pulumi-nodejs:dynamic",
                "command:",
                "terraform:",
                "external:",
            ],
            "description": "What types start with whose resources can do anything; they are searched for disguises.",
        },
    },
    looks_at=_looks_at,
    judge_inputs=bypasses,
)
