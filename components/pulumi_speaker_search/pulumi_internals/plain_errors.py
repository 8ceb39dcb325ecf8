"""Errors as one sentence instead of a Python traceback.

The SDK's dynamic host answers every exception with `traceback.format_exc()`, so that the user reads "error:
Traceback (most recent call last)" on the resource's line. For our own errors, whose text is complete, the host's
reference to `traceback` is replaced by one that gives the text alone; all other exceptions keep their traceback.
Where the host is another one, or a later one, nothing is replaced, and the text comes with a traceback again.
"""

from __future__ import annotations

import sys
import traceback
from types import SimpleNamespace
from typing import Final

from ..speaker_search_error import SpeakerSearchError

HOST: Final = "pulumi.dynamic.__main__"


def suppress_known_tracebacks() -> None:
    """Let the dynamic host of this process show our errors as a sentence. Harmless when called again."""
    host = sys.modules.get("__main__")
    is_the_host = getattr(getattr(host, "__spec__", None), "name", None) == HOST
    if is_the_host and getattr(host, "traceback", None) is traceback:
        host.traceback = SimpleNamespace(format_exc=_format_exc)  # type: ignore[union-attr]


def _format_exc() -> str:
    error = sys.exc_info()[1]
    return str(error) if isinstance(error, SpeakerSearchError) else traceback.format_exc()
