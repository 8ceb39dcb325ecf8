"""`speaker-search status --watch`: read again and again, and refresh the terminal in place."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from types import FrameType
from typing import Final, NoReturn

import typer
from pulumi_speaker_search.lifecycle.clock import Clock
from pulumi_speaker_search.speaker_search_error import SpeakerSearchError
from rich.console import Console, Group, RenderableType
from rich.live import Live

from .exit_codes import INTERRUPTED, print_error
from .pulumi_backend import CommandError
from .status_frame import fitting_parts, height_of
from .status_row import Status, report
from .status_table import BAD, DRIFT, print_status
from .terminal import plain

Read = Callable[[Callable[[str], None]], Status]
"""Read state and AWS once. The argument receives warnings."""

TERMINATED: Final = 128 + signal.SIGTERM
"""The exit code of a command that SIGTERM ended, by convention of the shell."""


@dataclass
class Watch:
    """What a watch shows.

    Attributes:
        status, read_at: The last round that could be read, and when.
        failure: Why the last round could not be read; None if it was.
        warnings: Each one once, in their order.
    """

    interval_seconds: float
    status: Status | None = None
    read_at: datetime | None = None
    failure: str | None = None
    warnings: dict[str, None] = field(default_factory=dict)

    def refresh(self, read: Read, clock: Clock) -> None:
        """Read once. A failure of a later round keeps what the last one has shown.

        Raises:
            SpeakerSearchError: The first round failed.
        """
        try:
            self.status = read(self._warn)
        except SpeakerSearchError as error:
            if self.status is None:
                raise
            self.failure = str(error)
            return
        self.read_at, self.failure = clock.now(), None

    def _warn(self, text: str) -> None:
        self.warnings[text] = None

    def parts(self, columns: int, lines: int) -> Iterator[RenderableType]:
        """Yield what fits into a terminal of this size."""
        every = f"every {self.interval_seconds:g} s, ^C ends"
        if self.status is None or self.read_at is None:
            yield plain(f"Reading state and AWS, {every}", "dim")
            return
        yield plain(f"{self.read_at:%H:%M:%S}Z, {every}", "dim")
        notes = [plain(text, DRIFT) for text in self.warnings]
        if self.failure:
            notes.append(plain(f"Not refreshed since then: {self.failure}", BAD))
        yield from notes
        yield from fitting_parts(self.status, columns, lines - 1 - height_of(notes, columns))


def require_terminal(out: Console) -> None:
    """Refuse an output that can't be refreshed in place.

    Raises:
        CommandError: It is a pipe, a file or a terminal without cursor movement.
    """
    if not out.is_terminal or out.is_dumb_terminal:
        raise CommandError(
            "--watch refreshes a terminal in place, and the output is not such a terminal. For a program, add --json: "
            "one JSON document a line."
        )


def watch_in_terminal(read: Read, out: Console, clock: Clock, interval_seconds: float) -> NoReturn:
    """Refresh the terminal until ^C, restore it, and leave the last rows in it.

    Raises:
        typer.Exit: ^C has ended it; code 130.
    """
    shown = Watch(interval_seconds)

    def frame() -> RenderableType:
        return Group(*shown.parts(out.width, out.height))

    try:
        with (
            _exit_on_sigterm(),
            Live(get_renderable=frame, console=out, screen=True, refresh_per_second=1) as live,
        ):
            while True:
                shown.refresh(read, clock)
                live.refresh()
                clock.sleep(interval_seconds)
    except KeyboardInterrupt:
        if shown.status:
            print_status(out, shown.status.subject, shown.status.rows)
        for note in filter(None, (*shown.warnings, shown.failure)):
            print_error(note)
        raise typer.Exit(INTERRUPTED) from None


def watch_as_json(read: Read, clock: Clock, interval_seconds: float) -> NoReturn:
    """Print one JSON document a line until ^C. A round that fails is one line on stderr.

    Raises:
        typer.Exit: ^C has ended it; code 130.
    """
    watched = Watch(interval_seconds)
    warned: set[str] = set()
    try:
        while True:
            watched.refresh(read, clock)
            if watched.failure:
                print_error(watched.failure)
            elif watched.status:
                typer.echo(json.dumps([report(row) for row in watched.status.rows]))
            for text in watched.warnings:
                if text not in warned:
                    print_error(text)
            warned.update(watched.warnings)
            clock.sleep(interval_seconds)
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None


@contextmanager
def _exit_on_sigterm() -> Iterator[None]:
    """Let SIGTERM end the process as an exception does, so that the terminal is restored."""

    def leave(_signal: int, _frame: FrameType | None) -> NoReturn:
        raise SystemExit(TERMINATED)

    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
