"""Answer the first questions of a privacy officer, with one row per search.

Which line, whose voice, for which purpose, until when, is it running, and what will the update change?
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from pulumi_speaker_search.lifecycle.outcome import FINAL, NOT_STARTED
from pulumi_speaker_search.type_tokens import (
    MEDIA_INSIGHTS_PIPELINE,
    TASK_TYPES,
    VIDEO_STREAM,
    VOICE_PROFILE_DOMAIN,
    VOICE_TONE_ANALYSIS_TASK,
)

from .consent_rows import SearchRow, TagState
from .consent_tags import is_secret, is_unknown
from .consent_timeline import consent_state, display_value, last_day
from .review_model import ReviewedResource
from .untrusted_text import one_line

_ENDED_STATUS: Final = frozenset({"Stopped", "Failed"})
_LATER: Final = "only known after the update"
_SECRET: Final = "a secret, not shown"  # noqa: S105 - words, no password


@dataclass(frozen=True, slots=True)
class Entry:
    """What the engine reports about one resource, untyped, and the resource as the review shows it.

    Attributes:
        operation: What the update would do with it; empty for a state.
        inputs: The declared inputs; the stored ones if it would be deleted.
        outputs: The stored outputs; empty for a new resource.
    """

    shown: ReviewedResource
    urn: str
    type: str
    id: str
    operation: str
    inputs: Mapping[str, Any]
    outputs: Mapping[str, Any]


def entry_of_step(step: Mapping[str, Any], urn: str, shown: ReviewedResource) -> Entry:
    """Return the entry of a step of a preview."""
    new, old = step.get("new") or {}, step.get("old") or {}
    return Entry(
        shown=shown,
        urn=urn,
        type=(new or old).get("type", ""),
        id=old.get("id") or "",
        operation=step.get("op", ""),
        inputs=(new or old).get("inputs") or {},
        outputs=old.get("outputs") or {},
    )


def entry_of_state(stored: Mapping[str, Any], shown: ReviewedResource) -> Entry:
    """Return the entry of a resource in a state."""
    return Entry(
        shown=shown,
        urn=stored["urn"],
        type=stored.get("type", ""),
        id=stored.get("id") or "",
        operation="",
        inputs=stored.get("inputs") or {},
        outputs=stored.get("outputs") or {},
    )


def search_rows(entries: Sequence[Entry], today: date) -> tuple[SearchRow, ...]:
    """Return one row per task, a search or a voice tone analysis, grouped by record; those that listen first."""
    rows = [_row(entry, entries, today) for entry in entries if entry.type in TASK_TYPES]
    return tuple(sorted(rows, key=lambda row: (row.record, row.listens != "yes", row.search, row.line)))


def _row(entry: Entry, entries: Sequence[Entry], today: date) -> SearchRow:
    shown = entry.shown
    source = entry.inputs.get("kinesis_video_stream_source_task_configuration")
    source = source if isinstance(source, Mapping) else {}
    channel = source.get("channel_id", 0)
    stream = source.get("stream_arn")
    named = shown.tag("record-ref")
    withheld = named is not None and named.state is TagState.WITHHELD
    expires = last_day(shown.tag("status"), shown.tag("expires"), today)
    return SearchRow(
        urn=shown.urn,
        search=shown.name,
        line="not shown"
        if withheld
        else f"{_name(stream, VIDEO_STREAM, entry, entries)}, channel {_number(channel)}",
        voice=f"{_role(stream, channel, entry, entries)}, {_use_of_voice(entry, entries)}",
        record=display_value(named),
        purpose=display_value(shown.tag("purpose")),
        jurisdiction=display_value(shown.tag("jurisdiction")),
        standing=consent_state(shown.tag("status"), expires, today),
        until=expires,
        listens=_listens(entry),
        change=_change(entry),
    )


def _use_of_voice(entry: Entry, entries: Sequence[Entry]) -> str:
    """Return what becomes of the voice: a search compares it, an analysis judges its tone."""
    if entry.type == VOICE_TONE_ANALYSIS_TASK:
        return "its tone analysed"
    domain = _name(entry.inputs.get("voice_profile_domain_arn"), VOICE_PROFILE_DOMAIN, entry, entries)
    return f"compared with {domain}"


def _listens(entry: Entry) -> str:
    """Return `yes`, or `no` with the outcome, according to the state that was reviewed."""
    if not entry.outputs or entry.id == NOT_STARTED:
        return "no"
    outcome = entry.outputs.get("outcome")
    status = next((value for name, value in entry.outputs.items() if name.endswith("_task_status")), None)
    if outcome in FINAL:
        return f"no ({outcome})"
    if outcome is None and status in _ENDED_STATUS:
        return "no"
    return "yes"


def _change(entry: Entry) -> str:
    """Return what the update would do to the search, in words."""
    silent = entry.inputs.get("listen") is False
    runs = _listens(entry) == "yes"
    if not entry.operation or entry.operation in ("same", "read", "refresh"):
        return "none"
    if "delete" in entry.operation:
        return "is removed" + (" and stopped" if runs else "")
    if silent:
        return "is stopped" if runs else "none: it is declared with listen: false"
    if entry.operation == "create":
        return "is started"
    return (
        "is replaced by a new search"
        if "replace" in entry.operation or entry.operation == "import"
        else "changes in place"
    )


def _name(arn: Any, type_token: str, user: Entry, entries: Sequence[Entry]) -> str:
    """Return the name of a stream or domain: its resource name if it is in this stack, else the end of its ARN."""
    if is_secret(arn):
        return _SECRET
    own = [one for one in entries if one.type == type_token]
    by_arn = [one for one in own if isinstance(arn, str) and arn and one.outputs.get("arn") == arn]
    # A new one has no ARN yet: the component names a stream like its search, and most stacks have one domain.
    likely = [one for one in own if one.shown.name == user.shown.name] or (own if len(own) == 1 else [])
    found = by_arn or (likely if not isinstance(arn, str) or is_unknown(arn) else [])
    if found:
        return found[0].shown.name
    if not isinstance(arn, str) or is_unknown(arn):
        return _LATER
    parts = arn.rpartition(":")[2].split("/")
    return one_line(parts[1] if len(parts) > 1 else arn)


def _role(stream: Any, channel: Any, user: Entry, entries: Iterable[Entry]) -> str:
    """Return who speaks on the channel, as the pipeline declares it."""
    for pipeline in (one for one in entries if one.type == MEDIA_INSIGHTS_PIPELINE):
        for one in _streams(pipeline.inputs):
            same = one.get("stream_arn") == stream and isinstance(stream, str) and not is_unknown(stream)
            if same or pipeline.shown.name == user.shown.name:
                for definition in _definitions(one):
                    if _number(definition.get("channel_id", 0)) == _number(channel):
                        role = definition.get("participant_role")
                        return _SECRET if is_secret(role) else one_line(role or "not stated")
    return "not stated"


def _streams(inputs: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    source = inputs.get("kinesis_video_stream_source_runtime_configuration")
    found = source.get("streams") if isinstance(source, Mapping) else None
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def _definitions(stream: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    definition = stream.get("stream_channel_definition")
    found = definition.get("channel_definitions") if isinstance(definition, Mapping) else None
    return [one for one in found if isinstance(one, Mapping)] if isinstance(found, list) else []


def _number(value: Any) -> str:
    return str(int(value)) if isinstance(value, int | float) else "not known"
