"""Divide the time of an `up` into phases, from the sandbox's call log, so that the measured code is unchanged."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from sandbox.control import CallRow

MILESTONES: Final = (
    ("start until first stream", "CreateStream", min),
    ("streams", "CreateMediaInsightsPipeline", min),
    ("pipelines accepted", "CreateMediaInsightsPipeline", max),
    ("until last task is accepted", "StartSpeakerSearchTask", max),
    ("until last task is seen running", "GetSpeakerSearchTask", max),
)
"""Phase, and the call that ends it: the first or the last of its kind."""


def phases(calls: Sequence[CallRow], began: float, ended: float) -> dict[str, float]:
    """Return the seconds of each phase, in order. `began` and `ended` are on the clock of the call log."""
    marks = [began]
    names = []
    for name, operation, pick in MILESTONES:
        moments = [call["time"] for call in calls if call["operation"] == operation]
        if moments:
            names.append(f"{name} s")
            marks.append(pick(moments))
    names.append("end s")
    marks.append(ended)
    return {name: later - earlier for name, (earlier, later) in zip(names, pairwise(marks), strict=True)}
