"""The root of every exception that this package raises on purpose."""

from __future__ import annotations

from typing import ClassVar


class SpeakerSearchError(Exception):
    """Catch this to catch everything that this package raises on purpose.

    The text of an error is complete: it names what is wrong and what to do, and never holds a credential, the value of
    a tag or anything about a person.

    Attributes:
        what: What is wrong, without what to do about it.
        retryable: True where the same call, made again later and unchanged, may succeed without anybody changing a
            declaration, a setting or a permission. A start that is made again starts nothing twice.
    """

    retryable: ClassVar[bool] = False

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__(what)
