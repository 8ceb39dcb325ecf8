"""Timelines: a status is a function of time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.account.status_timeline import GONE, PIPELINE_STATUSES, SEQUENCES, TASK_STATUSES, Timeline
from sandbox.aws_protocol.routing import MEDIA_PIPELINES, service_model
from sandbox.settings import Transitions

TRANSITIONS = Transitions(task_not_started_seconds=1, task_initializing_seconds=2, task_stopping_seconds=3)
STARTED = (
    Timeline().followed_by("task started", 100.0, TRANSITIONS).followed_by("task runs", 103.0, TRANSITIONS)
)


@pytest.mark.parametrize(
    ("now", "status", "since"),
    [
        (100.0, "NotStarted", 100.0),
        (100.999, "NotStarted", 100.0),
        (101.0, "Initializing", 101.0),
        (102.999, "Initializing", 101.0),
        (103.0, "InProgress", 103.0),
        (1e6, "InProgress", 103.0),
    ],
)
def test_a_status_begins_at_its_moment(now: float, status: str, since: float) -> None:
    assert (STARTED.status(now), STARTED.since(now)) == (status, since)


def test_a_stop_drops_what_was_to_come() -> None:
    stopped = STARTED.followed_by("task stopped", 100.5, TRANSITIONS)
    assert [word for _, word in stopped.entries] == ["NotStarted", "Stopping", "Stopped"]


def test_what_has_been_is_kept() -> None:
    stopped = STARTED.followed_by("task stopped", 200.0, TRANSITIONS)
    assert stopped.has_been("InProgress", 200.0)


def test_what_never_was_has_not_been() -> None:
    stopped = STARTED.followed_by("task stopped", 102.0, TRANSITIONS)
    assert not stopped.has_been("InProgress", 300.0)


def test_a_forced_status_stays() -> None:
    assert STARTED.forced("Failed", 101.5).status(1e9) == "Failed"


@given(first=st.floats(100, 110), later=st.floats(0, 10))
def test_reading_changes_nothing(first: float, later: float) -> None:
    fresh = (
        Timeline()
        .followed_by("task started", 100.0, TRANSITIONS)
        .followed_by("task runs", 103.0, TRANSITIONS)
    )
    STARTED.status(first)
    assert STARTED.status(first + later) == fresh.status(first + later)


@pytest.mark.parametrize(
    ("words", "shape"),
    [(TASK_STATUSES, "MediaPipelineTaskStatus"), (PIPELINE_STATUSES, "MediaPipelineStatus")],
)
def test_status_words_are_those_of_the_model(words: tuple[str, ...], shape: str) -> None:
    assert sorted(words) == sorted(service_model(MEDIA_PIPELINES).shape_for(shape).enum)


@pytest.mark.parametrize("plan", sorted(SEQUENCES))
def test_plans_use_words_of_the_model_and_settings_that_exist(plan: str) -> None:
    for word, lasts in SEQUENCES[plan]:
        known = {"task": TASK_STATUSES, "stream": ("CREATING", "ACTIVE", "DELETING")}
        words = known.get(plan.split(maxsplit=1)[0], PIPELINE_STATUSES)
        assert word in {*words, GONE}
        assert lasts is None or hasattr(Transitions(), lasts)
