"""Write results: for a terminal of 60 columns, as one JSON document, or as JSON lines (docs/schemas)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any, Final

from rich.console import Console

from ..terminal import print_line
from .collection import AskedSearch, Collection
from .notification import Notification, Result, VoiceTone

GOOD: Final = "green"
BAD: Final = "bold red"
WORDS: Final = {
    Result.MATCH: ("match", GOOD),
    Result.NO_MATCH: ("no match", ""),
    Result.IDENTIFICATION_FAILED: ("identification failed", BAD),
    Result.VOICEPRINT: ("voiceprint", ""),
    Result.VOICEPRINT_FAILED: ("no voiceprint", BAD),
    Result.VOICE_TONE: ("voice tone", ""),
    Result.VOICE_TONE_FAILED: ("voice tone failed", BAD),
    Result.VOICE_TONE_COMPLETED: ("voice tone completed", ""),
}


def print_result(out: Console, search: AskedSearch, notification: Notification) -> None:
    """Print one result, with its search and its time."""
    for text, style in _lines(search, notification):
        print_line(out, text, style)


def _lines(search: AskedSearch, notification: Notification) -> Iterator[tuple[str, str]]:
    word, style = WORDS.get(notification.result, (notification.status, ""))
    yield f"{notification.time}  {search.name}  {word}", style
    if notification.reason:
        yield f"  {notification.reason}", style
    for match in notification.matches:
        yield f"  {match.profile_id}  {match.confidence}", style
    for name, tone in (("last 30 s", notification.current_tone), ("in all", notification.overall_tone)):
        if tone:
            yield f"  {name}: {tone.label}", style


def print_end(out: Console, collection: Collection) -> None:
    """Print what is missing, and what else was in the queue."""
    for one in collection.searches:
        if one.search.task_id is None:
            print_line(out, f"{one.search.name}: nothing was started.")
        elif not one.notifications:
            print_line(out, f"{one.search.name}: the queue has no result of task {one.search.task_id}.")
        elif not one.is_final:
            print_line(out, f"{one.search.name}: not the final result.")
    if collection.of_other_searches:
        print_line(out, f"Notifications of other searches: {collection.of_other_searches}")
    for type_, count in sorted(collection.unknown.items()):
        print_line(out, f"Messages of an unknown type ({type_}): {count}")


def as_json(stack: str, project: str, collection: Collection) -> dict[str, Any]:
    """Return everything as docs/schemas/results.schema.json describes it."""
    return {
        "stack": stack,
        "project": project,
        "searches": [
            {
                "name": one.search.name,
                "task_id": one.search.task_id,
                "pipeline_id": one.search.pipeline_id,
                "region": one.search.region,
                "final": one.is_final,
                "results": [result_as_json(notification) for notification in one.notifications],
            }
            for one in collection.searches
        ],
        **_others(collection),
    }


def line_of_result(search: AskedSearch, notification: Notification) -> dict[str, Any]:
    """Return the line of a result, as docs/schemas/results-follow.schema.json describes it."""
    return {"event": "result", "search": search.name, **result_as_json(notification)}


def line_of_end(collection: Collection, reason: str) -> dict[str, Any]:
    """Return the last line."""
    missing = [one.search.name for one in collection.searches if not one.is_final]
    return {"event": "end", "reason": reason, "without_final_result": missing, **_others(collection)}


def result_as_json(notification: Notification) -> dict[str, Any]:
    """Return a result."""
    return {
        "id": notification.id,
        "time": notification.time,
        "type": notification.type,
        "status": notification.status,
        "result": notification.result.value,
        "reason": notification.reason,
        "task_id": notification.task_id,
        "pipeline_id": notification.pipeline_id,
        "stream_arn": notification.stream_arn,
        "channel_id": notification.channel_id,
        "matches": [asdict(match) for match in notification.matches],
        "voice_tone": {
            "current": _tone(notification.current_tone),
            "overall": _tone(notification.overall_tone),
        },
    }


def _tone(tone: VoiceTone | None) -> dict[str, Any] | None:
    return asdict(tone) if tone else None


def _others(collection: Collection) -> dict[str, Any]:
    return {"of_other_searches": collection.of_other_searches, "of_unknown_types": dict(collection.unknown)}
