"""How a command ends: its exit codes, and one line instead of a traceback.

| code | meaning |
| --- | --- |
| 0 | there is nothing to tell, or everything that was asked for is done |
| 1 | there are findings: something is wrong, runs in no state, or is left |
| 2 | the input is wrong, or something can't be read |
| 3 | the command itself failed |
"""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable
from enum import IntEnum
from typing import Final, NoReturn, ParamSpec, TypeVar

import typer
from pulumi_speaker_search.lifecycle.errors import SpeakerSearchError

from .plain_text import one_line
from .pulumi_backend import UnreadableError


class ExitCode(IntEnum):
    """What a script learns."""

    NOTHING_TO_TELL = 0
    FINDINGS = 1
    UNREADABLE = 2
    CRASHED = 3


TRACEBACK: Final = "SPEAKER_SEARCH_TRACEBACK"
"""Set to anything, a crash shows where it came from."""

INTERRUPTED: Final = 130

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def ends_plainly(command: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Let a command end with one line and a code of ours, whatever happens in it."""

    @functools.wraps(command)
    def run(*arguments: Arguments.args, **options: Arguments.kwargs) -> Result:
        try:
            result = command(*arguments, **options)
            sys.stdout.flush()
        except typer.Exit as done:
            _flush()
            raise done from None
        except (UnreadableError, SpeakerSearchError) as unreadable:
            say(str(unreadable))
            raise typer.Exit(ExitCode.UNREADABLE) from unreadable
        except BrokenPipeError:
            _end_in_closed_pipe()
        except KeyboardInterrupt:
            say("Interrupted: what was begun may be half done. Run the command again.")
            raise typer.Exit(INTERRUPTED) from None
        except (typer.Abort, typer.BadParameter):
            raise
        except Exception as crash:  # noqa: BLE001 # the last line of defence: one line instead of a traceback
            end_in_crash(crash)
        return result

    return run


def say(text: str) -> None:
    """Write one line to stderr; where that is closed, to nobody."""
    try:
        sys.stderr.write(one_line(text) + "\n")
        sys.stderr.flush()
    except (OSError, ValueError):
        return


def end_in_crash(crash: Exception) -> NoReturn:
    """End the command with one line and code 3."""
    _tell(crash)
    raise typer.Exit(ExitCode.CRASHED) from None


def end_process(crash: Exception) -> NoReturn:
    """The same outside of a command."""
    _tell(crash)
    sys.exit(ExitCode.CRASHED)


def _tell(crash: Exception) -> None:
    if os.environ.get(TRACEBACK):
        raise crash
    say(f"speaker-search failed: {type(crash).__name__}: {crash}. {TRACEBACK}=1 shows where.")


def write_what_fits() -> None:
    """Let output that the terminal's encoding does not have be written as escapes, instead of ending the command."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="backslashreplace")


def _flush() -> None:
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _end_in_closed_pipe()


def _end_in_closed_pipe() -> NoReturn:
    """End where nobody reads any more. Python would complain once more when it closes stdout, so that goes nowhere."""
    with open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), sys.stdout.fileno())
    raise typer.Exit(ExitCode.CRASHED) from None
