"""Locks for resources for which AWS accepts one call at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from threading import Lock

_locks: defaultdict[str, Lock] = defaultdict(Lock)
_locks_guard = Lock()


@contextmanager
def resource_locks(names: Iterable[str]) -> Iterator[None]:
    """Hold the locks of some resources. They are always taken in the same order, so that no two threads deadlock."""
    with _locks_guard:
        locks = [_locks[name] for name in sorted(set(names))]
    with ExitStack() as held:
        for lock in locks:
            held.enter_context(lock)
        yield
