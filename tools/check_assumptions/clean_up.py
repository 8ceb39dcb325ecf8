"""Takes away what the questions made, last things first, whatever became of the run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from botocore.exceptions import BotoCoreError, ClientError

GONE = ("NotFound", "NoSuchEntity", "NonExistentQueue", "QueueDoesNotExist")
LONGEST_SECONDS = 120.0
PAUSE_SECONDS = 2.0
Made = tuple[str, Callable[[], object]]


@dataclass
class CleanUp:
    """Of a question after each question, because AWS's quotas are small; of what several share, at the end.

    `sleep`: between two attempts at something that is still in use.
    """

    sleep: Callable[[float], None]
    left: list[str] = field(default_factory=list)
    """What could not be taken away, with the reason."""
    _of_question: list[Made] = field(default_factory=list)
    _shared: list[Made] = field(default_factory=list)
    _depth: int = 0

    def add(self, what: str, undo: Callable[[], object]) -> None:
        (self._shared if self._depth else self._of_question).append((what, undo))

    @contextmanager
    def shared(self) -> Iterator[None]:
        """What is made in here stays until the end."""
        self._depth += 1
        try:
            yield
        finally:
            self._depth -= 1

    def after_question(self) -> None:
        self._undo(self._of_question)

    def at_the_end(self) -> None:
        self._undo(self._of_question)
        self._undo(self._shared)

    def _undo(self, made: list[Made]) -> None:
        while made:
            what, undo = made[-1]
            if problem := self._undone(undo):
                self.left.append(f"{what}: {problem}")
            made.pop()  # only now: whoever interrupts this leaves it to the next attempt

    def _undone(self, undo: Callable[[], object]) -> str:
        """Empty, or why not. A pipeline needs a while to end, and holds its configuration until then."""
        waited = 0.0
        while True:
            try:
                undo()
            except ClientError as error:
                code = str(error.response["Error"]["Code"])
                if any(word in code for word in GONE):
                    return ""
                problem = f"{code}: {error.response['Error'].get('Message', '')}"
            except BotoCoreError as error:
                problem = str(error)
            else:
                return ""
            if waited >= LONGEST_SECONDS:
                return problem
            self.sleep(PAUSE_SECONDS)
            waited += PAUSE_SECONDS
