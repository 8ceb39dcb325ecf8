"""One call at a time per resource, as AWS's quota says; different resources do not wait for each other."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

from pulumi_speaker_search.lifecycle.aws_call import Aws, Call, send

from tests.unit.lifecycle.scripted_aws import SUBJECT, FakeClock

PATIENCE_SECONDS = 5.0


class Meeting:
    """A client whose calls last until `guests` of them are inside at once, or until patience ends."""

    def __init__(self, guests: int, patience_seconds: float) -> None:
        self.inside = 0
        self.most_inside = 0
        self.lock = threading.Lock()
        self.barrier = threading.Barrier(guests)
        self.patience_seconds = patience_seconds

    def get_speaker_search_task(self) -> dict[str, object]:
        with self.lock:
            self.inside += 1
            self.most_inside = max(self.most_inside, self.inside)
        try:
            self.barrier.wait(self.patience_seconds)
        except threading.BrokenBarrierError:
            pass
        finally:
            with self.lock:
                self.inside -= 1
        return {}


def most_at_once(resources: list[tuple[str, ...]], patience_seconds: float) -> int:
    """How many of these calls, one per tuple of resources, were ever under way together."""
    meeting = Meeting(len(resources), patience_seconds)
    aws = Aws(get_client=lambda _service: meeting, clock=FakeClock())

    def call(held: tuple[str, ...]) -> None:
        asked = Call(
            service="any",
            operation="get_speaker_search_task",
            parameters={},
            action="read",
            subject=SUBJECT,
            serialize_on=held,
        )
        send(aws, asked, deadline=1.0)

    with ThreadPoolExecutor(len(resources)) as pool:
        list(pool.map(call, resources))
    return meeting.most_inside


def test_two_calls_about_one_resource_follow_one_another() -> None:
    assert most_at_once([("task-a",), ("task-a",)], patience_seconds=0.2) == 1


def test_two_calls_about_two_resources_go_together() -> None:
    assert most_at_once([("task-b",), ("task-c",)], patience_seconds=PATIENCE_SECONDS) == 2


def test_calls_that_share_one_of_two_resources_follow_one_another() -> None:
    assert most_at_once([("domain-d", "task-d"), ("domain-d", "task-e")], patience_seconds=0.2) == 1


def test_resources_named_in_another_order_do_not_lock_each_other_out() -> None:
    assert most_at_once([("f", "g"), ("g", "f")] * 4, patience_seconds=0.05) == 1


def test_a_resource_that_is_named_twice_does_not_wait_for_itself() -> None:
    assert most_at_once([("h", "h")], patience_seconds=PATIENCE_SECONDS) == 1
