"""A process that ends without collecting what it has loaded."""

from __future__ import annotations

import subprocess
import sys

FROZEN = """
import atexit, gc
atexit.register(lambda: print(gc.get_freeze_count() > 1000))  # runs after what is registered later
from pulumi_speaker_search.pulumi_internals.process_exit import skip_garbage_collection_at_exit
"""


def said_at_its_end(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", FROZEN + code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_a_process_that_is_to_end_at_once_leaves_its_objects_alone() -> None:
    assert said_at_its_end("skip_garbage_collection_at_exit()") == "True"


def test_a_process_that_only_imports_this_ends_as_ever() -> None:
    assert said_at_its_end("") == "False"


def test_it_is_registered_once_however_often_it_is_asked_for() -> None:
    count = (
        "print(atexit._ncallbacks()); "
        + "skip_garbage_collection_at_exit(); " * 3
        + "print(atexit._ncallbacks())"
    )
    before, after, _frozen = said_at_its_end(count).split()
    assert int(after) - int(before) == 1
