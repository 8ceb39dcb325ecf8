"""consent-not-bypassed: nothing hides consent tags from the rules, or a search from its owner."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from pulumi_policy import Severity

from .listening import is_idle
from .scope import SCOPE_SETTINGS, in_scope
from .vendor.policy_kit.resources import Resource, Unknown
from .vendor.policy_kit.rule import Rule, Settings
from .vendor.policy_kit.setting_schemas import TYPE_PATTERN, boolean, string_list
from .vendor.type_tokens import EPHEMERAL_TYPES, SPEAKER_SEARCH

_TAG_PROPERTIES: Final = frozenset({"tags", "tagsall"})
_PATH_STEP: Final = re.compile(r"""\[\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^\]]*))\s*\]|([^.\[\]]+)|\.""")


def steps_of(path: str) -> tuple[str, ...]:
    """Return the steps of a property path in any of its spellings: `a.b`, `a["b"]`, `["a"]["b"]`, `a[0]`, `*`."""
    steps = (
        next((group for group in match.groups() if group is not None), "")
        for match in _PATH_STEP.finditer(path)
    )
    plain = (re.sub(r"\\(.)", r"\1", step).strip().strip("\"'") for step in steps)
    return tuple(step for step in plain if step)


def hides_tags(path: str, prefix: str) -> bool:
    """Return whether `path` is that of a consent tag, of all tags, or of all properties."""
    steps = steps_of(path)
    if not steps or "*" in steps[0]:
        return True
    if re.sub(r"[^a-z]", "", steps[0].lower()) not in _TAG_PROPERTIES:
        return False
    rest = steps[1:]
    # In a list of tags the step is an index, which does not tell the tag.
    return not rest or "*" in rest[0] or rest[0].isdecimal() or ".".join(rest).startswith(prefix)


def hidden_tags(resource: Resource, settings: Settings) -> Iterator[str]:
    """Yield `ignoreChanges` on consent tags or on `listen`, and `tags` that contradict `tagsAll`."""
    if any(hides_tags(path, settings["prefix"]) for path in resource.ignore_changes):
        yield "ignoreChanges hides changes of its consent tags"
    if resource.type in EPHEMERAL_TYPES and any(
        steps_of(path)[:1] == ("listen",) for path in resource.ignore_changes
    ):
        yield "ignoreChanges on listen prevents that it is stopped"
    own, everything = resource.properties.get("tags"), resource.properties.get("tagsAll")
    if isinstance(own, Mapping) and isinstance(everything, Mapping):
        differing = [
            key
            for key, value in own.items()
            if key.startswith(settings["prefix"])
            and not isinstance(value, Unknown)
            and not isinstance(everything.get(key), Unknown)
            and everything.get(key) != value
        ]
        if differing:
            yield f"tags and tagsAll contradict each other in {', '.join(sorted(differing))}"


def wrong_parent(resource: Resource, settings: Settings) -> Iterator[str]:
    """Yield a direct parent that is not known to pass consent tags on to a task or pipeline."""
    if resource.type not in EPHEMERAL_TYPES:
        return
    parent = resource.parent_type
    if parent is None and not settings["allowedAtTheRoot"]:
        yield "it is directly under the stack, and the setting allowedAtTheRoot is off"
    if parent is not None and parent not in settings["allowedParents"]:
        yield f"its parent is of type {parent}, which is not in the setting allowedParents"


def without_ledger(resource: Resource, settings: Settings) -> Iterator[str]:
    """Yield options with which a search can run unseen. AWS can't list tasks: the ledger is the only record of them."""
    if resource.type not in EPHEMERAL_TYPES or settings["allowWithoutLedger"]:
        return
    if resource.properties.get("ledger") is False:
        yield "ledger is off, so that a lost task can't be found and stopped"
    if resource.properties.get("stop_on_delete") is False:
        yield "stop_on_delete is off, so that it continues to listen when it is removed from the program"


def bypasses(resource: Resource, settings: Settings, today: date) -> Iterator[str]:
    """Refuse everything above in one message. A resource that is declared idle bypasses nothing."""
    if is_idle(resource):
        return
    problems = [
        *hidden_tags(resource, settings),
        *wrong_parent(resource, settings),
        *without_ledger(resource, settings),
    ]
    if problems:
        yield f"{resource.name}: {'; '.join(problems)}."


NOT_BYPASSED: Final = Rule(
    name="consent-not-bypassed",
    description="Nothing may hide consent tags from these rules, or let a search run unseen.",
    severity=Severity.CRITICAL,
    framework=("BIPA", "2008", "740 ILCS 14/15(b)", "No collection of voiceprints without a written release"),
    remediation_steps="Declare tasks and pipelines in a SpeakerSearch component or directly in the program, and remove"
    " the option that the message names",
    tags=("consent", "bypass"),
    settings={
        **SCOPE_SETTINGS,
        "allowedParents": string_list(
            "Component types that may be the direct parent of a task or pipeline.",
            pattern=TYPE_PATTERN,
            default=[SPEAKER_SEARCH],
            max_items=50,
            max_length=None,
        ),
        "allowedAtTheRoot": boolean(
            "Whether a task or pipeline may be directly under the stack, without a component.", default=True
        ),
        "allowWithoutLedger": boolean(
            "Whether a task or pipeline may have ledger=False or stop_on_delete=False.", default=False
        ),
    },
    waivers={"allowWithoutLedger": False},
    applies_to=in_scope,
    check_inputs=bypasses,
)
