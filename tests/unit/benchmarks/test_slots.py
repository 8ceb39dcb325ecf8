"""The limit's own keeping to a rate."""

from __future__ import annotations

import threading
import time

from benchmarks.slots import SECOND, Slots


def _taken(slots: Slots, ranks: list[int]) -> list[int]:
    """The ranks in the order in which they were let through; all ask at once where the slots are used up."""
    order: list[int] = []

    def take(rank: int) -> None:
        slots.take(rank)
        order.append(rank)

    threads = [threading.Thread(target=take, args=(rank,)) for rank in ranks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return order


def test_as_many_as_the_rate_go_at_once() -> None:
    slots, began = Slots(3), time.monotonic()
    _taken(slots, [0, 0, 0])
    assert time.monotonic() - began < SECOND


def test_one_more_waits_for_the_second_to_pass() -> None:
    slots, began = Slots(3), time.monotonic()
    _taken(slots, [0, 0, 0, 0])
    assert time.monotonic() - began >= SECOND


def test_the_lowest_rank_goes_first() -> None:
    slots = Slots(1)
    slots.take(0)
    assert _taken(slots, [2, 1]) == [1, 2]


def test_without_a_rate_nobody_waits() -> None:
    slots, began = Slots(0), time.monotonic()
    _taken(slots, [0] * 50)
    assert time.monotonic() - began < SECOND
