"""The provider process is started while the first stream is being made."""

from __future__ import annotations

from typing import Any

import pytest
from pulumi.runtime.proto import resource_pb2_grpc
from pulumi_speaker_search.pulumi_internals.early_provider import start_provider_early


class Questions:
    """The engine's Invoke, which remembers what was asked."""

    def __init__(self) -> None:
        self.packages: list[str] = []

    def future(self, request: Any) -> object:
        self.packages.append(request.tok.split(":")[0])
        return object()


class Engine(resource_pb2_grpc.ResourceMonitorStub):
    def __init__(self) -> None:
        self.asked = Questions()
        self.Invoke = self.asked  # type: ignore[assignment] # no channel behind it


class Mocks:
    """What a unit test of a program has in place of the engine."""

    def __init__(self) -> None:
        self.asked = Questions()
        self.Invoke = self.asked


def _runs_with(monkeypatch: pytest.MonkeyPatch, monitor: object) -> None:
    monkeypatch.setattr("pulumi.runtime.settings.get_monitor", lambda: monitor)


def test_a_question_to_the_package_of_dynamic_resources_starts_it(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Engine()
    _runs_with(monkeypatch, engine)
    start_provider_early()
    assert engine.asked.packages == ["pulumi-python"]


def test_many_searches_ask_once(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = Engine()
    _runs_with(monkeypatch, engine)
    for _ in range(3):
        start_provider_early()
    assert len(engine.asked.packages) == 1


def test_the_next_program_of_a_process_asks_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    engines = Engine(), Engine()
    for engine in engines:
        _runs_with(monkeypatch, engine)
        start_provider_early()
    assert [len(engine.asked.packages) for engine in engines] == [1, 1]


def test_mocks_are_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    mocks = Mocks()
    _runs_with(monkeypatch, mocks)
    start_provider_early()
    assert mocks.asked.packages == []
