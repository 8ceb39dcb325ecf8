"""How fast AWS is asked: below the ten requests a second that it takes for an account and region.

AWS counts all calls to media pipelines together [D general/gr chime-sdk], those of the console and of other programs
too. So the processes of this machine share one count: the provider that starts and stops, the program that looks, and
other stacks of the same account and region. They share it through a small file in the user's cache folder; where that
can't be used, each process counts for itself.

The count is a generic cell rate: a time until which requests are planned. A few may come at once, so that a single
search never waits; after them one comes every `1 / rate` seconds.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Final, Protocol
from urllib.parse import urlsplit

from .aws_settings import MEDIA_PIPELINES, AwsSettings

VARIABLE: Final = "SPEAKER_SEARCH_API_CALLS_PER_SECOND"
"""How many requests a second; 0 for as fast as they come."""

DEFAULT_PER_SECOND: Final = 8.0
"""AWS takes 10; the rest is for the console and for whoever else asks."""

AT_ONCE: Final = 10
"""Requests that may come together after a pause: as many as AWS takes in a second, and one search's."""

MOST_AHEAD_SECONDS: Final = 600.0
"""A plan further ahead than that comes from a clock that was put back, and is dropped."""

LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")


class Plan(Protocol):
    """Keeps the time until which requests are planned."""

    def change(self, new: Callable[[float], float]) -> None:
        """Replace the time by what `new` makes of it, while nobody else does."""


@dataclass(slots=True)
class OwnPlan:
    """The plan of this process."""

    until: float = 0.0
    lock: Lock = field(default_factory=Lock)

    def change(self, new: Callable[[float], float]) -> None:
        with self.lock:
            self.until = new(self.until)


@dataclass(slots=True)
class SharedPlan:
    """The plan of all processes of this user, in a file; that of this process where the file can't be used."""

    file: Path
    own: OwnPlan = field(default_factory=OwnPlan)

    def change(self, new: Callable[[float], float]) -> None:
        try:
            self._change_file(new)
        except (ImportError, OSError):  # no such locks on this system, a folder that can't be written
            self.own.change(new)

    def _change_file(self, new: Callable[[float], float]) -> None:
        import fcntl

        self.file.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(self.file, os.O_RDWR | os.O_CREAT, 0o600), "r+") as opened:
            fcntl.flock(opened, fcntl.LOCK_EX)  # until it is closed, and by a process that dies as well
            until = new(_number(opened.read()))
            opened.seek(0)
            opened.truncate()
            opened.write(repr(until))


@dataclass(frozen=True, slots=True)
class Pace:
    """Tells each request how long to wait before it is sent.

    Attributes:
        now: Seconds, the same for all processes of the machine.
    """

    per_second: float
    plan: Plan
    now: Callable[[], float] = time.time

    def __call__(self, service: str) -> float:
        """Return the seconds to wait before the next request to `service`, and count it."""
        if service != MEDIA_PIPELINES or self.per_second <= 0:
            return 0.0
        waits: list[float] = []

        def next_until(until: float) -> float:
            now = self.now()
            planned = until if now <= until <= now + MOST_AHEAD_SECONDS else now
            waits.append(max(0.0, planned - now - (AT_ONCE - 1) / self.per_second))
            return planned + 1 / self.per_second

        self.plan.change(next_until)
        return waits[-1]


def pace_of(settings: AwsSettings, environment: Mapping[str, str] = os.environ) -> Pace:
    """Return the pace for these settings: shared by all who ask the same account and region in the same way."""
    variables = ("AWS_ENDPOINT_URL_CHIME_SDK_MEDIA_PIPELINES", "AWS_ENDPOINT_URL")
    of_the_environment = next(filter(None, map(environment.get, variables)), "")
    url = dict(settings.endpoints).get(MEDIA_PIPELINES) or of_the_environment
    # A local AWS has no such limit, unless somebody sets one.
    default = 0.0 if urlsplit(url).hostname in LOOPBACK else DEFAULT_PER_SECOND
    per_second = _positive(environment.get(VARIABLE), default)
    who = (
        url,
        settings.region or environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION") or "",
        settings.profile or environment.get("AWS_PROFILE") or "",
        settings.access_key or environment.get("AWS_ACCESS_KEY_ID") or "",
        str(dict(settings.assume_role).get("RoleArn", "")),
    )
    name = hashlib.sha256("\n".join(who).encode()).hexdigest()[:16]
    return Pace(per_second, SharedPlan(_cache_folder(environment) / f"pace-{name}"))


def _cache_folder(environment: Mapping[str, str]) -> Path:
    given = environment.get("XDG_CACHE_HOME")
    home = environment.get("HOME") or environment.get("USERPROFILE") or ""
    return Path(given or Path(home) / ".cache") / "pulumi-speaker-search"


def _positive(text: str | None, default: float) -> float:
    return default if text is None else max(0.0, _number(text, default))


def _number(text: str, default: float = 0.0) -> float:
    try:
        return float(text)
    except ValueError:
        return default
