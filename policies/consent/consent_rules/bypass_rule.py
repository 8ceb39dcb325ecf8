"""consent-not-bypassed: the ways to have a search without the rules seeing its tags, or anybody seeing it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from pulumi_policy import Severity

from .listening import stands_still
from .resource_view import NotKnown, Resource
from .rule import Rule, Settings
from .scope import EPHEMERAL, SCOPE_SETTINGS, in_scope

_TAG_PROPERTIES: Final = frozenset({"tags", "tagsall"})
_PATH_STEP: Final = re.compile(r"""\[\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\]]*))\s*\]|([^.\[\]]+)|\.""")


def steps_of(path: str) -> tuple[str, ...]:
    """The steps of a property path in any of its spellings: `a.b`, `a["b"]`, `["a"]["b"]`, `a[0]`, `*`."""
    steps = (
        next((one for one in match.groups() if one is not None), "") for match in _PATH_STEP.finditer(path)
    )
    plain = (re.sub(r"\\(.)", r"\1", step).strip().strip("\"'") for step in steps)
    return tuple(step for step in plain if step)


def hides_tags(path: str, prefix: str) -> bool:
    """Whether changes at `path` are changes of consent tags: of one, of all tags, or of everything."""
    steps = steps_of(path)
    if not steps or "*" in steps[0]:
        return True
    if re.sub(r"[^a-z]", "", steps[0].lower()) not in _TAG_PROPERTIES:
        return False
    rest = steps[1:]
    # In a list of tags a step is a number: nobody knows which tag that is.
    return not rest or "*" in rest[0] or rest[0].isdecimal() or ".".join(rest).startswith(prefix)


def hidden_tags(resource: Resource, settings: Settings) -> Iterator[str]:
    """`ignoreChanges` on consent tags or on the stop, and `tags` that say something else than `tagsAll`."""
    if any(hides_tags(path, settings["prefix"]) for path in resource.ignore_changes):
        yield "ignoreChanges keeps changes of its consent tags from being seen"
    if resource.type in EPHEMERAL and any(
        steps_of(path)[:1] == ("listen",) for path in resource.ignore_changes
    ):
        yield "ignoreChanges keeps it from being stopped by listen"
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
    if resource.type not in EPHEMERAL:
        return
    parent = resource.parent_type
    if parent is None and not settings["allowedAtTheRoot"]:
        yield "it stands right under the stack, and the setting allowedAtTheRoot is off"
    if parent is not None and parent not in settings["allowedParents"]:
        yield f"its parent is of type {parent}, which the setting allowedParents does not list"


def without_ledger(resource: Resource, settings: Settings) -> Iterator[str]:
    """A search that could be lost: nobody can list tasks, so one without ledger, or let go of, may run on unseen."""
    if resource.type not in EPHEMERAL or settings["allowWithoutLedger"]:
        return
    if resource.properties.get("ledger") is False:
        yield "its ledger is switched off, so that a lost task could not be found and stopped"
    if resource.properties.get("stop_on_delete") is False:
        yield "stop_on_delete is off, so that it listens on once it is taken out of the program"


def bypasses(resource: Resource, settings: Settings, today: date) -> Iterator[str]:
    """Everything above that applies to the resource, in one sentence. What listens to nothing gets round nothing."""
    if stands_still(resource):
        return
    found = [
        *hidden_tags(resource, settings),
        *wrong_parent(resource, settings),
        *without_ledger(resource, settings),
    ]
    if found:
        yield f"{resource.name}: {'; '.join(found)}."


NOT_BYPASSED: Final = Rule(
    name="consent-not-bypassed",
    description="Nothing may hide consent tags from these rules, or let a search out of sight.",
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
            "description": "Whether a task or pipeline may be made with ledger=False or stop_on_delete=False.",
        },
    },
    excuses={"allowWithoutLedger": False},
    looks_at=in_scope,
    judge_inputs=bypasses,
)
