"""The root of every error that this package raises."""

from __future__ import annotations

from typing import ClassVar


class SpeakerSearchError(Exception):
    """The root of every error that this package raises.

    The text of an error names what is wrong and what to do. It never holds a credential, the value of a tag or anything
    about a person.

    Attributes:
        reason: What is wrong, without the remedy.
        retryable: True if the same call may succeed later without a change of declaration, settings or permissions. A
            start that is retried starts nothing twice.
    """

    retryable: ClassVar[bool] = False

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)

    @property
    def what(self) -> str:
        """Former name of `reason`."""
        return self.reason
