"""Map the end of a command to an exit code, and an exception to one line instead of a traceback.

| code | meaning |
| --- | --- |
| 0 | nothing is wrong, or everything that was requested is done |
| 1 | findings: something is wrong, is an orphan, or is left |
| 2 | the input is wrong, or something can't be read |
| 3 | the command itself failed |
| 4 | `withdraw --verify`: the evidence is intact, but its last run was interrupted |
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

from .confirmation import InterruptedAtQuestionError
from .terminal import one_line


class ExitCode(IntEnum):
    """The exit code of a command, as scripts see it."""

    OK = 0
    FINDINGS = 1
    UNREADABLE = 2
    FAILED = 3
    INTERRUPTED_EVIDENCE = 4


TRACEBACK: Final = "SPEAKER_SEARCH_TRACEBACK"
"""Environment variable: if it is set, a failure shows its traceback."""

INTERRUPTED: Final = 130
"""The exit code of a command that SIGINT ended, by convention of the shell (128 + 2)."""

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def with_exit_codes(command: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Wrap a command so that whatever it raises ends in one line and one of the exit codes above."""

    @functools.wraps(command)
    def run(*arguments: Arguments.args, **options: Arguments.kwargs) -> Result:
        try:
            result = command(*arguments, **options)
            sys.stdout.flush()
        except typer.Exit as requested:
            _flush()
            raise requested from None
        except SpeakerSearchError as error:
            print_error(str(error))
            raise typer.Exit(ExitCode.UNREADABLE) from error
        except BrokenPipeError:
            _exit_on_closed_pipe()
        except InterruptedAtQuestionError:
            print_error("Interrupted at the question: nothing was changed.")
            raise typer.Exit(INTERRUPTED) from None
        except KeyboardInterrupt:
            print_error("Interrupted: some of the work may be done already. Run the command again.")
            raise typer.Exit(INTERRUPTED) from None
        except (typer.Abort, typer.BadParameter):
            raise
        except Exception as error:  # noqa: BLE001 # last resort: one line instead of a traceback
            exit_command(error)
        return result

    return run


def print_error(text: str) -> None:
    """Write one line to stderr. Do nothing if stderr is closed."""
    try:
        sys.stderr.write(one_line(text) + "\n")
        sys.stderr.flush()
    except (OSError, ValueError):
        return


def exit_command(error: Exception) -> NoReturn:
    """End a command with one line and code 3."""
    _report_failure(error)
    raise typer.Exit(ExitCode.FAILED) from None


def exit_process(error: Exception) -> NoReturn:
    """End the process with one line and code 3, outside of a command."""
    _report_failure(error)
    sys.exit(ExitCode.FAILED)


def _report_failure(error: Exception) -> None:
    if os.environ.get(TRACEBACK):
        raise error
    print_error(
        f"speaker-search failed: {type(error).__name__}: {error}. Set {TRACEBACK}=1 for the traceback."
    )


def escape_unencodable_output() -> None:
    """Write characters that the terminal's encoding lacks as escapes instead of failing.

    Python has no stream for an output that was closed before it started (`>&-`): what is written there goes nowhere.
    """
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 - open to the end
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="backslashreplace")


def _flush() -> None:
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _exit_on_closed_pipe()


def _exit_on_closed_pipe() -> NoReturn:
    """Exit with code 3. Redirect stdout to the null device first, because Python flushes it once more at exit."""
    with open(os.devnull, "wb") as null_device:
        os.dup2(null_device.fileno(), sys.stdout.fileno())
    raise typer.Exit(ExitCode.FAILED) from None
