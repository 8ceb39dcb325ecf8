"""Errors as one sentence in the SDK's dynamic host."""

from __future__ import annotations

import sys
import traceback
from types import ModuleType, SimpleNamespace

import pytest
from pulumi_speaker_search.lifecycle.aws_config import InvalidSettingsError
from pulumi_speaker_search.lifecycle.errors import ConsentError, Subject
from pulumi_speaker_search.pulumi_internals import plain_errors

OURS = ConsentError("no", action="start", subject=Subject(kind="task"), remedy="Ask.")


@pytest.fixture
def host(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A main module that looks like the SDK's."""
    module = ModuleType("__main__")
    module.__spec__ = SimpleNamespace(name=plain_errors.HOST)  # type: ignore[assignment]
    module.traceback = traceback  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "__main__", module)
    return module


def shown_error(host: ModuleType, error: Exception) -> str:
    try:
        raise error
    except Exception:  # noqa: BLE001 # as the SDK's host does
        text: str = host.traceback.format_exc()
        return text


@pytest.mark.parametrize("error", [OURS, InvalidSettingsError("aws:endpoints is not valid JSON")])
def test_our_errors_are_shown_as_their_text_alone(host: ModuleType, error: Exception) -> None:
    plain_errors.suppress_known_tracebacks()
    assert shown_error(host, error) == str(error)


def test_all_others_keep_their_traceback(host: ModuleType) -> None:
    plain_errors.suppress_known_tracebacks()
    assert shown_error(host, KeyError("x")).startswith("Traceback")


def test_another_host_is_left_alone(host: ModuleType) -> None:
    host.__spec__ = SimpleNamespace(name="somebody.else")  # type: ignore[assignment]
    plain_errors.suppress_known_tracebacks()
    assert host.traceback is traceback


def test_a_host_that_looks_different_is_left_alone(host: ModuleType) -> None:
    host.traceback = "something else"  # type: ignore[attr-defined]
    plain_errors.suppress_known_tracebacks()
    assert host.traceback == "something else"
