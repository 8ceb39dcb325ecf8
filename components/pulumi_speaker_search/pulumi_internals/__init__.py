"""Everything that reaches into the Pulumi SDK, or into the process that hosts it.

Each module mends or speeds up something that the SDK's public interface does not offer, and does nothing where the SDK
differs. `SPEAKER_SEARCH_SDK_INTERNALS=off` leaves all of it out: resources behave the same then, errors of the
provider come with a traceback, programs with many resources are slower, and processes outlive a killed engine.
"""

from __future__ import annotations

import os
from typing import Final

SWITCH: Final = "SPEAKER_SEARCH_SDK_INTERNALS"
OFF: Final = "off"


def is_on() -> bool:
    """Return whether the SDK's internals may be touched."""
    return os.environ.get(SWITCH) != OFF


def prepare_program() -> None:
    """Prepare the process of a program. Called for each resource that is declared; acts once."""
    if is_on():
        from .engine_connection import end_program_with_engine
        from .process_exit import skip_garbage_collection_at_exit
        from .registrations_first import await_registrations_before_outputs

        await_registrations_before_outputs()
        skip_garbage_collection_at_exit()
        end_program_with_engine()


def prepare_provider_process() -> None:
    """Prepare the process of the provider. Called when it is configured; acts once."""
    if is_on():
        from .engine_connection import end_provider_with_engine
        from .plain_errors import suppress_known_tracebacks
        from .process_exit import skip_garbage_collection_at_exit
        from .worker_threads import grow_provider_thread_pool

        suppress_known_tracebacks()
        grow_provider_thread_pool()
        skip_garbage_collection_at_exit()
        end_provider_with_engine()
