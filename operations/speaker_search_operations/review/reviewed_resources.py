"""Convert the engine's resources (steps of a preview, entries of a state) to `ReviewedResource`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import PurePosixPath
from typing import Any, Final

from pulumi_speaker_search.lifecycle.stack_record import name_in
from pulumi_speaker_search.type_tokens import VIDEO_STREAM

from .consent_tags import consent_tags, tags_not_seen, with_missing
from .review_model import Judgement, Pack, ReviewedResource
from .untrusted_text import one_line

STORED: Final = "stored"
NOT_REACHED: Final = "not reached"
_PROJECT_SCHEME: Final = "project:///"


def from_preview(steps: Mapping[str, Mapping[str, Any]], prefix: str) -> tuple[ReviewedResource, ...]:
    """Return the resources that the program declares, in the engine's order."""
    return tuple(
        _resource(step["new"], urn, step.get("op", ""), step["new"].get("inputs") or {}, prefix)
        for urn, step in steps.items()
    )


def from_deletions(steps: Mapping[str, Mapping[str, Any]], prefix: str) -> tuple[ReviewedResource, ...]:
    """Return the resources that the update would delete, as they are stored."""
    return tuple(
        _resource(step.get("old") or {}, urn, "delete", (step.get("old") or {}).get("inputs") or {}, prefix)
        for urn, step in steps.items()
    )


def from_state(deployment: Mapping[str, Any], prefix: str) -> tuple[ReviewedResource, ...]:
    """Return the resources of a state, without those that wait for their deletion, as the engine does."""
    return tuple(_stored(deployment.get("resources") or (), prefix))


def _stored(entries: Iterable[Mapping[str, Any]], prefix: str) -> Iterator[ReviewedResource]:
    for entry in entries:
        if not entry.get("delete"):
            inputs, outputs = entry.get("inputs") or {}, entry.get("outputs") or {}
            yield _resource(entry, entry["urn"], STORED, outputs or inputs, prefix, beside=inputs)


def _resource(
    entry: Mapping[str, Any],
    urn: str,
    operation: str,
    properties: Mapping[str, Any],
    prefix: str,
    beside: Mapping[str, Any] | None = None,
) -> ReviewedResource:
    type_token = one_line(entry.get("type", ""))
    name = one_line(name_in(urn))
    hours = properties.get("dataRetentionInHours") if type_token == VIDEO_STREAM else None
    return ReviewedResource(
        urn=urn,
        type=type_token,
        name=name,
        label=f"{short_type(type_token)} {name}",
        operation=operation,
        tags=consent_tags(properties, prefix, beside or {}),
        media_retention_hours=int(hours) if isinstance(hours, int | float) else None,
        source=source_in_project(entry.get("sourcePosition")),
    )


def unreported(resources: Iterable[ReviewedResource], urns: Iterable[str]) -> tuple[ReviewedResource, ...]:
    """Return the resources of `urns` that are not in `resources`: judged before the engine reported them."""
    known = {one.urn for one in resources}
    missing = [urn for urn in dict.fromkeys(urns) if urn not in known and urn.count("::") >= 3]
    return tuple(
        replace(_resource({"type": type_of(urn)}, urn, NOT_REACHED, {}, ""), tags=tags_not_seen())
        for urn in missing
    )


def type_of(urn: str) -> str:
    """Return the type token in a URN, without those of the parents."""
    return urn.split("::")[2].rpartition("$")[2]


def short_type(type_token: str) -> str:
    """Return the last part of a type token: `VideoStream` of `aws:kinesis/videoStream:VideoStream`."""
    return type_token.rpartition(":")[2] or type_token


def source_in_project(position: Any) -> str | None:
    """Return `__main__.py#12` for `project:///__main__.py#12`; None for a path outside of the project."""
    if not isinstance(position, str) or not position.startswith(_PROJECT_SCHEME):
        return None
    path = position.removeprefix(_PROJECT_SCHEME)
    file, _, line = path.partition("#")
    if ".." in PurePosixPath(file).parts or file.startswith("/") or not line.isdecimal():
        return None
    return one_line(path)


def mark_consent_relevant(
    resources: Iterable[ReviewedResource], judgements: Iterable[Judgement], packs: Iterable[Pack]
) -> tuple[ReviewedResource, ...]:
    """Mark the resources that need consent: they have consent tags, or a rule about consent judged them."""
    about_consent = {
        (pack.name, rule.name) for pack in packs for rule in pack.rules if "consent" in rule.tags
    }
    judged = {one.urn for one in judgements if (one.pack, one.rule) in about_consent and one.urn}
    return tuple(
        replace(one, needs_consent=True, tags=with_missing(one.tags))
        if one.urn in judged or has_stated_tags(one)
        else replace(one, tags=())
        for one in resources
    )


def has_stated_tags(resource: ReviewedResource) -> bool:
    """Return whether the resource states a consent tag."""
    return any(tag.value for tag in resource.tags)
