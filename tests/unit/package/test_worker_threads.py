"""More threads for the plugin process: through a pool of 4, as `pulumi.dynamic` makes it."""

from __future__ import annotations

import importlib.util
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, BrokenBarrierError

import pytest
from pulumi_speaker_search.pulumi_internals.worker_threads import THREADS, grow_provider_thread_pool

SECONDS = 10


def _meet(barrier: Barrier) -> bool:
    try:
        barrier.wait(SECONDS)
    except BrokenBarrierError:
        return False
    return True


def test_a_widened_pool_runs_all_at_once() -> None:
    with ThreadPoolExecutor(4) as pool:
        pool.submit(grow_provider_thread_pool).result()
        barrier = Barrier(THREADS)
        meetings = [pool.submit(_meet, barrier) for _ in range(THREADS)]
        assert all(meeting.result() for meeting in meetings)


def test_a_wider_pool_is_left_as_it_is() -> None:
    with ThreadPoolExecutor(8) as pool:
        pool.submit(grow_provider_thread_pool, 2).result()
        barrier = Barrier(8)
        assert all(meeting.result() for meeting in [pool.submit(_meet, barrier) for _ in range(8)])


def test_outside_of_a_pool_nothing_happens() -> None:
    assert grow_provider_thread_pool() is False


@pytest.mark.parametrize("part", ["grpc.server(", "futures.ThreadPoolExecutor(max_workers=4)"])
def test_the_sdk_s_plugin_process_still_has_a_pool_of_four(part: str) -> None:
    spec = importlib.util.find_spec("pulumi.dynamic")
    assert spec is not None
    assert spec.origin is not None
    assert part in Path(spec.origin).with_name("__main__.py").read_text(encoding="utf-8")
