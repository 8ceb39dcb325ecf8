"""The control API under `/_sandbox/`: its paths, and the functions of those that need only a few lines."""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from sandbox.aws_protocol.errors import ServiceError
from sandbox.aws_protocol.serialization import Response
from sandbox.clock import to_datetime
from sandbox.control import forced_status, lists, speech
from sandbox.control.requests import Json, NoSuchResourceError, Query, amount
from sandbox.faults import Fault
from sandbox.local_aws import LocalAws
from sandbox.services.moto import account as moto_account
from sandbox.settings import Quotas, Switches, Transitions, as_json, changed

PREFIX = "/_sandbox/"


def respond(aws: LocalAws, method: str, path: str, query: Query, body: bytes) -> Response:
    """Return the response: 400 for an invalid value, 404 for what does not exist, with the reason in `error`."""
    function = FUNCTIONS.get((method, path.removeprefix(PREFIX)))
    try:
        if function is None:
            known = ", ".join(f"{verb} {PREFIX}{name}" for verb, name in sorted(FUNCTIONS))
            return _json(404, {"error": f"There is no {method} {path}. There are: {known}"})
        values = json.loads(body) if body else {}
        if not isinstance(values, dict):
            return _json(400, {"error": "The body is not a JSON object."})
        return _json(200, function(aws, query, values))
    except NoSuchResourceError as error:
        return _json(404, {"error": str(error)})
    except (ValueError, TypeError, ServiceError) as error:
        return _json(400, {"error": str(error)})


def _json(status: int, document: Json) -> Response:
    return Response(status, json.dumps(document).encode())


def _health(aws: LocalAws, query: Query, values: Json) -> Json:
    return {"sandbox": "speaker-search", "pid": os.getpid(), "endpoint": aws.endpoint}


def _reset(aws: LocalAws, query: Query, values: Json) -> Json:
    aws.reset()
    moto_account.reset()
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
    """Take any part of what GET returns. Timelines that are written already stay as they are."""
    unknown = sorted(values.keys() - {"transitions", "quotas", "switches", "latency_seconds"})
    if unknown:
        message = f"There are no settings called {', '.join(unknown)}."
        raise ValueError(message)
    latency = amount({"latency_seconds": aws.settings.latency_seconds, **values}, "latency_seconds")
    with aws.lock:
        list(lists.contexts(aws))  # What is due by now is still under the old settings.
        old = aws.settings
        aws.settings = replace(
            old,
            transitions=changed(old.transitions, _group(values, "transitions", Transitions)),
            quotas=changed(old.quotas, _group(values, "quotas", Quotas)),
            switches=changed(old.switches, _group(values, "switches", Switches)),
            latency_seconds=latency,
        )
        for state in aws.regions.values():
            for pipeline in state.pipelines.values():
                pipeline.next_transition = 0.0
    return _settings(aws, query, {})


def _group(values: Json, name: str, kind: type) -> Mapping[str, Any]:
    group = values.get(name, {})
    if not isinstance(group, dict):
        message = f"{name} takes an object of {kind.__name__}."
        raise TypeError(message)
    return group


def _faults(aws: LocalAws, query: Query, values: Json) -> Json:
    return aws.faults.listing()


def _add_fault(aws: LocalAws, query: Query, values: Json) -> Json:
    return {"number": aws.faults.add(Fault(**values))}


def _clear_faults(aws: LocalAws, query: Query, values: Json) -> Json:
    aws.faults.clear()
    return aws.faults.listing()


def _advance_clock(aws: LocalAws, query: Query, values: Json) -> Json:
    aws.clock.advance(amount(values, "advance_seconds"))
    return {"now": to_datetime(aws.clock.now()).isoformat()}


def _calls(aws: LocalAws, query: Query, values: Json) -> Json:
    return {"calls": aws.call_log.calls(query.get("operation"), int(query.get("after", "0")))}


def _call_counts(aws: LocalAws, query: Query, values: Json) -> Json:
    return {"counts": aws.call_log.counts()}


def _clear_calls(aws: LocalAws, query: Query, values: Json) -> Json:
    aws.call_log.clear()
    return {}


FUNCTIONS: Mapping[tuple[str, str], Callable[[LocalAws, Query, Json], Json]] = {
    ("GET", "health"): _health,
    ("POST", "reset"): _reset,
    ("GET", "settings"): _settings,
    ("PUT", "settings"): _set_settings,
    ("GET", "faults"): _faults,
    ("POST", "faults"): _add_fault,
    ("DELETE", "faults"): _clear_faults,
    ("POST", "clock"): _advance_clock,
    ("PUT", "status"): forced_status.force_status,
    ("PUT", "media"): speech.set_media,
    ("POST", "speech"): speech.speak,
    ("POST", "voices"): speech.enrol,
    ("GET", "calls"): _calls,
    ("DELETE", "calls"): _clear_calls,
    ("GET", "call_counts"): _call_counts,
    ("GET", "tasks"): lists.tasks,
    ("GET", "pipelines"): lists.pipelines,
    ("GET", "streams"): lists.streams,
    ("GET", "notifications"): lists.notifications,
    ("GET", "events"): lists.events,
}
"""(method, path below `PREFIX`) → function of (local AWS, query, body)."""
