"""The control API under `/_sandbox/`: what AWS has no call for, to be set and seen. JSON both ways."""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from sandbox.account.context import Context
from sandbox.account.state import Pipeline, Stream, Task
from sandbox.account.timeline import ENDING_OR_ENDED, GONE, PIPELINE_STATUS_WORDS, TASK_STATUS_WORDS
from sandbox.aws_protocol.errors import ServiceError
from sandbox.aws_protocol.serialising import Answer
from sandbox.clock import moment
from sandbox.control import lists
from sandbox.faults import Fault
from sandbox.local_aws import LocalAws
from sandbox.services.kinesis_video import speech
from sandbox.services.media_pipelines import elements, pipelines
from sandbox.services.moto import account as moto_account
from sandbox.services.voice import profiles
from sandbox.settings import Quotas, Switches, Transitions, as_json, changed, is_amount

PREFIX = "/_sandbox/"
Json = Any
Query = Mapping[str, str]


class NoSuchResourceError(LookupError):
    """Nothing in the sandbox has the id or ARN that came."""


def answer(aws: LocalAws, method: str, path: str, query: Query, body: bytes) -> Answer:
    """400 for a value that can't be, 404 for what is not there; the body's `error` says what and why."""
    handler = HANDLERS.get((method, path.removeprefix(PREFIX)))
    try:
        if handler is None:
            known = ", ".join(f"{verb} {PREFIX}{name}" for verb, name in sorted(HANDLERS))
            return _json(404, {"error": f"There is no {method} {path}. There are: {known}"})
        values = json.loads(body) if body else {}
        if not isinstance(values, dict):
            return _json(400, {"error": "The body is not a JSON object."})
        return _json(200, handler(aws, query, values))
    except NoSuchResourceError as error:
        return _json(404, {"error": str(error)})
    except (ValueError, TypeError, ServiceError) as error:
        return _json(400, {"error": str(error)})


def _json(status: int, document: Json) -> Answer:
    return Answer(status, json.dumps(document).encode())


def _health(aws: LocalAws, query: Query, values: Json) -> Json:
    return {"sandbox": "speaker-search", "pid": os.getpid(), "endpoint": aws.endpoint}


def _reset(aws: LocalAws, query: Query, values: Json) -> Json:
    aws.reset()
    moto_account.empty()
    return {}


def _settings(aws: LocalAws, query: Query, values: Json) -> Json:
    settings = aws.settings
    return {
        "transitions": as_json(settings.transitions),
        "quotas": as_json(settings.quotas),
        "switches": as_json(settings.switches),
        "latency_seconds": settings.latency_seconds,
    }


def _set_settings(aws: LocalAws, query: Query, values: Json) -> Json:
    """Any part of what GET answers. Time lines that are fixed already stay as they are."""
    unknown = sorted(values.keys() - {"transitions", "quotas", "switches", "latency_seconds"})
    if unknown:
        message = f"There are no settings called {', '.join(unknown)}."
        raise ValueError(message)
    latency = values.get("latency_seconds", aws.settings.latency_seconds)
    if not is_amount(latency):
        message = f"latency_seconds can't be {latency!r}: it takes a number from 0."
        raise ValueError(message)
    with aws.lock:
        list(lists.contexts(aws))
        old = aws.settings
        aws.settings = replace(
            old,
            transitions=changed(old.transitions, _group(values, "transitions", Transitions)),
            quotas=changed(old.quotas, _group(values, "quotas", Quotas)),
            switches=changed(old.switches, _group(values, "switches", Switches)),
            latency_seconds=float(latency),
        )
        for state in aws.regions.values():
            for pipeline in state.pipelines.values():
                pipeline.due = 0.0
    return _settings(aws, query, {})


def _group(values: Json, name: str, kind: type) -> Mapping[str, Any]:
    given = values.get(name, {})
    if not isinstance(given, dict):
        message = f"{name} takes an object of {kind.__name__}."
        raise TypeError(message)
    return given


def _faults(aws: LocalAws, query: Query, values: Json) -> Json:
    return aws.faults.listing()


def _add_fault(aws: LocalAws, query: Query, values: Json) -> Json:
    return {"number": aws.faults.add(Fault(**values))}


def _clear_faults(aws: LocalAws, query: Query, values: Json) -> Json:
    aws.faults.clear()
    return aws.faults.listing()


def _advance_clock(aws: LocalAws, query: Query, values: Json) -> Json:
    seconds = values.get("advance_seconds")
    if not is_amount(seconds):
        message = f"advance_seconds can't be {seconds!r}: it takes a number from 0."
        raise ValueError(message)
    aws.clock.advance(seconds)
    return {"now": moment(aws.clock.now()).isoformat()}


def _force_status(aws: LocalAws, query: Query, values: Json) -> Json:
    """{"id": id or ARN of a task or pipeline, "status": word}; "Gone" makes a pipeline vanish."""
    identifier, status = str(values.get("id")), values.get("status")
    with aws.lock:
        for context in lists.contexts(aws):
            resources: list[Task | Pipeline] = [*context.state.tasks.values()]
            resources += context.state.pipelines.values()
            for resource in resources:
                if identifier in _names(resource):
                    _force(context, resource, status)
                    return {"id": identifier, "status": status}
    message = f"There is no task or pipeline {identifier}."
    raise NoSuchResourceError(message)


def _names(resource: Task | Pipeline) -> set[str]:
    return {resource.task_id} if isinstance(resource, Task) else {resource.pipeline_id, resource.arn}


def _force(context: Context, resource: Task | Pipeline, status: Any) -> None:
    words = (*(TASK_STATUS_WORDS if isinstance(resource, Task) else PIPELINE_STATUS_WORDS), GONE)
    if status not in words:
        message = f"status can't be {status!r}: it takes {', '.join(words)}."
        raise ValueError(message)
    if isinstance(resource, Task):
        resource.timeline = resource.timeline.forced(status, context.now)
        context.state.pipelines[resource.pipeline_id].due = 0.0
        return
    resource.due = 0.0
    elements.force(context, resource, status)
    if status in {*ENDING_OR_ENDED, "Paused"}:
        pipelines.stop_tasks_of(context, resource, context.now)


def _set_media(aws: LocalAws, query: Query, values: Json) -> Json:
    """{"stream": name or ARN, "on": true or false}"""
    name, on = str(values.get("stream")), values.get("on")
    if not isinstance(on, bool):
        message = f"on can't be {on!r}: it takes true or false."
        raise ValueError(message)
    with aws.lock:
        context, stream = _stream(aws, name)
        speech.set_media(context, stream, on)
        return lists.described_stream(context, stream)


def _speak(aws: LocalAws, query: Query, values: Json) -> Json:
    """{"stream": name or ARN, "seconds": of speech, "voice": whose, or null for somebody unknown}"""
    name, seconds, voice = str(values.get("stream")), values.get("seconds"), values.get("voice")
    if not is_amount(seconds):
        message = f"seconds can't be {seconds!r}: it takes a number from 0."
        raise ValueError(message)
    with aws.lock:
        context, stream = _stream(aws, name)
        speech.speak(context, stream, float(seconds), None if voice is None else str(voice))
        return lists.described_stream(context, stream)


def _stream(aws: LocalAws, name: str) -> tuple[Context, Stream]:
    """By name or ARN, in any account and region."""
    for context in lists.contexts(aws):
        for stream in context.state.streams.values():
            if name in {stream.name, stream.arn} and not stream.gone(context.now):
                return context, stream
    message = f"There is no stream {name}."
    raise NoSuchResourceError(message)


def _enrol(aws: LocalAws, query: Query, values: Json) -> Json:
    """{"domain": id or ARN, "voice": a made-up name} → {"profile_id"}"""
    identifier, voice = str(values.get("domain")), values.get("voice")
    if not isinstance(voice, str) or not voice:
        message = f"voice can't be {voice!r}: it takes a name."
        raise ValueError(message)
    with aws.lock:
        for context in lists.contexts(aws):
            for domain in context.state.domains.values():
                if identifier in {domain.domain_id, domain.arn}:
                    return {"profile_id": profiles.enrol(context, domain, voice).profile_id}
    message = f"There is no voice profile domain {identifier}."
    raise NoSuchResourceError(message)


def _calls(aws: LocalAws, query: Query, values: Json) -> Json:
    return {"calls": aws.call_log.calls(query.get("operation"), int(query.get("after", "0")))}


def _call_counts(aws: LocalAws, query: Query, values: Json) -> Json:
    return {"counts": aws.call_log.counts()}


def _clear_calls(aws: LocalAws, query: Query, values: Json) -> Json:
    aws.call_log.clear()
    return {}


HANDLERS: Mapping[tuple[str, str], Callable[[LocalAws, Query, Json], Json]] = {
    ("GET", "health"): _health,
    ("POST", "reset"): _reset,
    ("GET", "settings"): _settings,
    ("PUT", "settings"): _set_settings,
    ("GET", "faults"): _faults,
    ("POST", "faults"): _add_fault,
    ("DELETE", "faults"): _clear_faults,
    ("POST", "clock"): _advance_clock,
    ("PUT", "status"): _force_status,
    ("PUT", "media"): _set_media,
    ("POST", "speech"): _speak,
    ("POST", "voices"): _enrol,
    ("GET", "calls"): _calls,
    ("DELETE", "calls"): _clear_calls,
    ("GET", "call_counts"): _call_counts,
    ("GET", "tasks"): lists.tasks,
    ("GET", "pipelines"): lists.pipelines,
    ("GET", "streams"): lists.streams,
    ("GET", "notifications"): lists.notifications,
    ("GET", "events"): lists.events,
}
