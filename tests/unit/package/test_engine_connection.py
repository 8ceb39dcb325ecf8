"""Whether the engine lives, and the end of a process whose engine is gone."""

from __future__ import annotations

import signal
import socket
import sys

import pytest
from pulumi_speaker_search.pulumi_internals import engine_connection
from pulumi_speaker_search.pulumi_internals.engine_connection import (
    GRACE_SECONDS,
    POLL_INTERVAL_SECONDS,
    refuses,
    watch,
)


def test_an_address_at_which_somebody_listens_is_alive() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        assert not refuses(f"127.0.0.1:{server.getsockname()[1]}")


def test_an_address_that_refuses_is_gone() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert refuses(f"127.0.0.1:{port}")


@pytest.mark.parametrize("address", ["", "engine", "127.0.0.1:", "127.0.0.1:port"])
def test_what_is_no_address_says_nothing(address: str) -> None:
    assert not refuses(address)


def seconds_until_the_end(looks: list[bool]) -> float:
    slept: list[float] = []
    ended: list[int] = []
    answers = iter(looks)
    watch("engine:1", is_gone=lambda _address: next(answers), sleep=slept.append, end=ended.append)
    assert ended == [1]
    return sum(slept)


def test_a_process_ends_within_seconds_of_its_engine() -> None:
    assert seconds_until_the_end([True, True]) == 2 * POLL_INTERVAL_SECONDS + GRACE_SECONDS == 5.0


def test_one_refusal_is_no_proof() -> None:
    assert seconds_until_the_end([True, False, True, True]) == 4 * POLL_INTERVAL_SECONDS + GRACE_SECONDS


def test_in_somebody_else_s_process_nothing_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "orig_argv", ["python", "fleet.py"])
    monkeypatch.setattr(engine_connection, "_watch", lambda _address: pytest.fail("watched"))
    engine_connection.end_program_with_engine()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
