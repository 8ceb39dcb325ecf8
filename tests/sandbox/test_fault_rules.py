"""The calls that a fault hits."""

import pytest

from sandbox.aws_protocol.routing import MEDIA_PIPELINES, service_model
from sandbox.aws_protocol.serialization import serialize
from sandbox.faults import KINDS, Fault, Faults
from sandbox.settings import CHOICES, Switches


def fired(faults: Faults, operations: list[str]) -> list[bool]:
    return [faults.draw("service", operation) is not None for operation in operations]


def test_only_fitting_calls_count() -> None:
    faults = Faults()
    faults.add(Fault("throttle", "A", nth=2))
    assert fired(faults, ["A", "B", "A", "A"]) == [False, False, True, False]


def test_a_rate_of_nothing_hits_nothing() -> None:
    faults = Faults()
    faults.add(Fault("throttle", rate=0.0))
    assert not any(fired(faults, ["A"] * 100))


def test_a_rate_of_one_hits_everything() -> None:
    faults = Faults()
    faults.add(Fault("throttle", rate=1.0))
    assert all(fired(faults, ["A"] * 100))


def test_a_rate_hits_that_share_of_calls() -> None:
    faults = Faults()
    faults.add(Fault("throttle", rate=0.3, seed=1))
    assert 250 <= sum(fired(faults, ["A"] * 1000)) <= 350


def test_times_is_a_limit() -> None:
    faults = Faults()
    faults.add(Fault("throttle", rate=1.0, times=3))
    assert fired(faults, ["A"] * 5) == [True, True, True, False, False]


def test_of_two_faults_that_hit_the_first_fires_and_is_counted() -> None:
    faults = Faults()
    for kind in ("throttle", "service_failure"):
        faults.add(Fault(kind, nth=1))
    faults.draw("service", "A")
    assert faults.listing()["fired"] == {"throttle": 1}


@pytest.mark.parametrize("kind", [kind for kind in KINDS if not kind.startswith("hang")])
def test_every_kind_can_be_asked_for(kind: str) -> None:
    assert Fault(kind, nth=1).kind == kind


def test_a_response_with_an_unknown_member_is_never_sent() -> None:
    operation = service_model(MEDIA_PIPELINES).operation_model("GetSpeakerSearchTask")
    with pytest.raises(KeyError, match="Matches"):
        serialize(operation, {"SpeakerSearchTask": {"Matches": []}})


@pytest.mark.parametrize("name", sorted(CHOICES))
def test_the_default_of_a_switch_is_its_first_choice(name: str) -> None:
    assert getattr(Switches(), name) == CHOICES[name][0]
