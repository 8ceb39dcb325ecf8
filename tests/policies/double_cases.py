"""What consent-not-doubled passes and refuses."""

from __future__ import annotations

from typing import Any, Final

from tests.policies.analyzer import UNKNOWN, Declared
from tests.policies.case import Case, Table
from tests.policies.voice_stack import SEARCH, STREAM_ARN, TASK, TONE_TASK, stream, task, whole

_SOURCE: Final = "kinesis_video_stream_source_task_configuration"
_OTHER: Final = STREAM_ARN.replace("search", "other")


def _on(name: str, arn: Any = STREAM_ARN, channel: Any = 0, **more: Any) -> Declared:
    return task(name, **{_SOURCE: {"stream_arn": arn, "channel_id": channel}, **more})


def _later(name: str, channel: Any = 0, source: str = "stream") -> Declared:
    """A task on a stream whose ARN is known after the update."""
    inputs = {_SOURCE: {"stream_arn": UNKNOWN, "channel_id": channel}}
    return Declared(TASK, name, inputs, parents=(SEARCH,), sources={_SOURCE: (source,)})


def _without_channel(name: str) -> Declared:
    source: dict[str, Any] = {_SOURCE: {"stream_arn": STREAM_ARN}}
    return task(name, **source)


def _new_stream() -> Declared:
    return Declared(stream().type, "stream", {}, {"arn": UNKNOWN})


def _tone(name: str = "tone") -> Declared:
    return Declared(
        TONE_TASK, name, {_SOURCE: {"stream_arn": STREAM_ARN, "channel_id": 0}}, parents=(SEARCH,)
    )


def _doubled() -> list[Case]:
    table = Table("consent-not-doubled")
    table.passes("a whole stack with consent", *whole())
    table.passes("two channels of a stream", stream(), _on("a"), _on("b", channel=1))
    table.passes("two streams", stream(), _on("a"), _on("b", arn=_OTHER))
    table.passes("a search and a tone analysis", stream(), _on("a"), _tone())
    table.passes("the second listens to nothing", stream(), _on("a"), _on("b", listen=False))
    table.passes("the first listens to nothing", stream(), _on("a", listen=False), _on("b"))
    table.passes("the first has ended", stream(), _ended("a"), _on("b"))
    table.passes("streams that nobody knows", _on("a", arn=UNKNOWN), _on("b", arn=UNKNOWN))
    table.passes("two channels of a new stream", _new_stream(), _later("a"), _later("b", channel=1))
    hints = ["More than one speaker search on one stream and channel: a, b."]
    table.refuses("one stream and channel twice", stream(), _on("a"), _on("b"), also=["a"], hints=hints)
    table.refuses(
        "a stream of elsewhere twice", _on("a", arn=_OTHER), _on("b", arn=_OTHER), also=["a"], hints=hints
    )
    table.refuses(
        "on another pipeline", stream(), _on("a"), _on("b", identifier="other"), also=["a"], hints=hints
    )
    table.refuses("a new stream twice", _new_stream(), _later("a"), _later("b"), also=["a"], hints=hints)
    table.refuses(
        "a channel that is not known", stream(), _on("a", channel=1), _on("b", channel=UNKNOWN), also=["a"]
    )
    table.refuses("no channel, which is the first", stream(), _on("a"), _without_channel("b"), also=["a"])
    table.refuses(
        "two tone analyses",
        stream(),
        _tone("a"),
        _tone("b"),
        also=["a"],
        hints=["More than one voice tone analysis on one"],
    )
    table.refuses("a third", stream(), _on("a"), _on("b"), _on("c"), also=["a", "b"])
    table.refuses(
        "a second that runs still",
        stream(),
        _on("a"),
        _ended("b", outcome="running"),
        also=["a"],
        hints=hints,
    )
    return table.cases


def _ended(name: str, outcome: str = "ended") -> Declared:
    made = _on(name)
    return Declared(made.type, name, made.inputs, {**made.inputs, "outcome": outcome}, made.parents)


DOUBLE_CASES: Final = [*_doubled()]
