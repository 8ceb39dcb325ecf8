"""Send a voice into a stream while a question is asked."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from botocore.exceptions import BotoCoreError
from botocore.session import Session

from examples.send_audio import sound
from examples.send_audio.matroska import pieces
from examples.send_audio.put_media import PutMediaError, put_media

SAMPLE_RATE = 8000
SYNTHETIC_VOICE = "voice-220hz"
FRAGMENT_SECONDS = 1.0


@dataclass(frozen=True)
class Speaker:
    """A producer of audio.

    Attributes:
        file: The voice of a person who has consented to the search. None: a synthetic voice, for the local AWS.
        speed: How many times faster than real time it sends.
        synthetic_seconds: The length of the synthetic audio.
    """

    session: Session
    file: Path | None
    speed: float = 1.0
    synthetic_seconds: float = 600.0

    @contextmanager
    def speaking(self, stream_name: str, seconds: float | None = None) -> Iterator[None]:
        """Send audio while the block runs, for at most `seconds`."""
        end = threading.Event()
        thread = threading.Thread(target=self._speak, args=(stream_name, seconds, end.is_set), daemon=True)
        thread.start()
        try:
            yield
        finally:
            end.set()
            thread.join(timeout=10.0)

    def _speak(self, stream_name: str, seconds: float | None, is_ended: Callable[[], bool]) -> None:
        if self.file:
            spoken = sound.of_file(self.file, SAMPLE_RATE)
        else:
            spoken = sound.synthetic(SYNTHETIC_VOICE, seconds or self.synthetic_seconds, SAMPLE_RATE)
        media = (
            piece
            for piece in pieces(spoken, FRAGMENT_SECONDS)
            if not is_ended() and (seconds is None or piece.until_seconds <= seconds)
        )
        with suppress(PutMediaError, BotoCoreError, OSError):
            for _ in put_media(self.session, stream_name, media, speed=self.speed):
                if is_ended():
                    return
