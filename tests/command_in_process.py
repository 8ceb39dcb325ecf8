"""The command `speaker-search` in the process of the tests: a process of its own takes a CPU second to start."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

import pytest
from speaker_search_operations.entry import run


@dataclass(frozen=True)
class Answered:
    code: int
    out: str
    error: str


def speaker_search(folder: Path, environment: Mapping[str, str], *arguments: str) -> Answered:
    """Run the command from its entry point to its exit, in `folder` and with no variables but these."""
    out, error = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    with (
        patch.dict(os.environ, environment, clear=True),
        patch.object(sys, "argv", ["speaker-search", *arguments]),
        patch.object(sys, "stdin", io.StringIO()),
        contextlib.chdir(folder),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(error),
        pytest.raises(SystemExit) as ended,
    ):
        run()
    assert isinstance(ended.value.code, int)
    return Answered(ended.value.code, _written(out), _written(error))


def _written(stream: io.TextIOWrapper) -> str:
    stream.flush()
    stream.seek(0)
    return stream.read()
