"""Allow one `make setup` at a time, by an flock on `.engine/setup.lock`, which ends with its process."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.progress import Progress

POLL_SECONDS = 0.2


@contextmanager
def setup_lock(root: Path, progress: Progress) -> Iterator[None]:
    """Hold the lock. Wait, and show it, while another setup holds it."""
    path = root / ".engine" / "setup.lock"
    path.parent.mkdir(exist_ok=True)
    with path.open("a+") as file:
        if not _try_lock(file.fileno()):
            file.seek(0)
            progress.start(
                f"another make setup (process {file.read().strip() or 'unknown'}) runs here; waiting for it"
            )
            while not _try_lock(file.fileno()):
                progress.tick()
                time.sleep(POLL_SECONDS)
            progress.finish()
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        # The file is kept: if it were removed, a third process could lock a new file of the same name.
        yield


def _try_lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
