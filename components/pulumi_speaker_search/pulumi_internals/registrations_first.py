"""Keep the time of a program with many resources linear.

At its end a program waits for its registrations and its outputs. SDK 3.272 waits for the registrations first, but none
has begun by then, because they begin with the event loop's next turn; so it waits for the outputs, all of them again
each time that one is there: quadratic, for 100 searches 200,000 callbacks. One awaitable among the registrations is
enough for it to wait for those, one by one, as it means to.

It reaches into the SDK's settings: if those differ, nothing happens.
"""

from __future__ import annotations

import asyncio


def await_registrations_before_outputs() -> None:
    """Let the program wait for its registrations before its outputs. Called for each resource; acts for the first."""
    try:
        from pulumi.runtime.settings import _get_rpc_manager

        registrations = _get_rpc_manager().rpcs
    except (ImportError, AttributeError):
        return
    if isinstance(registrations, list) and not registrations:
        registrations.append(asyncio.ensure_future(asyncio.sleep(0)))
