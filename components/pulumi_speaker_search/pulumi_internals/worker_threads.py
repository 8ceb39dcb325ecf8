"""More threads for the process that runs dynamic resources.

SDK 3.272 serves a plugin process with a pool of 4 threads and has no setting for it. Stops wait for AWS, so with 4
threads 25 of them take seven rounds. More plugin processes would each cost 0.25 s of CPU and 50 MB, in every preview
too; more threads in the one that is there cost nothing, and how many steps run at once is then up to the engine
(`--parallel`), as with every other provider.

It reaches into `concurrent.futures`: if those differ, nothing is changed and there are 4 threads.
"""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Final

THREADS: Final = 64


def grow_provider_thread_pool(threads: int = THREADS) -> bool:
    """Let the pool in which this function runs grow to `threads`. Return whether the pool was found."""
    frame = sys._getframe()  # noqa: SLF001
    while frame.f_back is not None:
        frame = frame.f_back
        reference = frame.f_locals.get("executor_reference")
        pool = reference() if callable(reference) else None
        if isinstance(pool, ThreadPoolExecutor) and isinstance(getattr(pool, "_max_workers", None), int):
            pool._max_workers = max(pool._max_workers, threads)  # noqa: SLF001
            return True
    return False
