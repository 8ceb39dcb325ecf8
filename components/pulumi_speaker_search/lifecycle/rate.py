"""Limit the rate of requests: AWS accepts ten per second for an account and region.

AWS counts all calls to media pipelines together [D general/gr chime-sdk], including those of the console and of other
programs. The processes of this machine therefore share one plan: the provider that starts and stops, the program that
polls, and other stacks of the same account and region. The plan is a small file in the user's cache folder; if that
can't be used, each process has a plan of its own.

The plan holds the times of the last requests. After a pause a few requests are sent at once, so that a single search
never waits; the next ones are spaced evenly, and no more than AWS accepts lie within any second. Requests that only
read can wait: they are sent when no other request is planned.
"""

from __future__ import annotations

import hashlib
import math
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
"""Environment variable: requests per second; 0 for no limit."""

DEFAULT_PER_SECOND: Final = 9.5
"""AWS accepts 10 and counts when requests arrive; the difference allows for varying network delays."""

BURST_SIZE: Final = 4
"""Number of requests that may be sent at once after a pause: those of one search."""

FOLDER: Final = "pulumi-speaker-search"
"""Name of the folder in the user's cache."""

MAX_PLANNED_SECONDS: Final = 600.0
"""A plan that reaches further into the future was made before the clock was set back, and is dropped."""

PATIENCE_SECONDS: Final = 10.0
"""How long a request of low priority waits for others."""

LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")


Times = tuple[float, ...]
"""Times at which the last requests were sent or will be sent, ascending."""


class Plan(Protocol):
    """Store the times of the last requests."""

    def change(self, new: Callable[[Times], Times]) -> None:
        """Replace the times by the result of `new`; exclusive of all other changes."""


@dataclass(slots=True)
class OwnPlan:
    """The plan of this process."""

    times: Times = ()
    lock: Lock = field(default_factory=Lock)

    def change(self, new: Callable[[Times], Times]) -> None:
        """Replace the times; exclusive of other threads of this process."""
        with self.lock:
            self.times = new(self.times)


@dataclass(slots=True)
class SharedPlan:
    """The plan of all processes of this user, in a file; the plan of this process if the file can't be used."""

    file: Path
    own: OwnPlan = field(default_factory=OwnPlan)

    def change(self, new: Callable[[Times], Times]) -> None:
        """Replace the times; exclusive of other processes of this machine, if files can be locked."""
        try:
            self._change_file(new)
        except (ImportError, OSError):  # no such locks on this system, a folder that can't be written
            self.own.change(new)

    def _change_file(self, new: Callable[[Times], Times]) -> None:
        import fcntl

        self.file.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(self.file, os.O_RDWR | os.O_CREAT, 0o600), "r+") as opened:
            fcntl.flock(opened, fcntl.LOCK_EX)  # until it is closed, and by a process that dies as well
            times = new(tuple(map(_number, opened.read().split())))
            opened.seek(0)
            opened.truncate()
            opened.write(" ".join(map(repr, times)))


@dataclass(frozen=True, slots=True)
class Pace:
    """Decide how long each request waits before it is sent.

    Attributes:
        per_second: Requests per second; 0 for no limit.
        plan: Times of the last requests.
        now: Returns seconds that are the same for all processes of the machine.
    """

    per_second: float
    plan: Plan
    now: Callable[[], float] = time.time

    def __call__(self, service: str) -> float:
        """Plan a request to `service`, and return the seconds to wait before it."""
        if service != MEDIA_PIPELINES or self.per_second <= 0:
            return 0.0
        waits: list[float] = []

        def with_request(known: Times) -> Times:
            now = self.now()
            times = self._believable(known, now)
            planned = self._next(times, now)
            waits.append(planned - now)
            return (*times, planned)[-self._in_a_second :]

        self.plan.change(with_request)
        return waits[-1]

    def at_once_or_in(self, service: str) -> float:
        """Plan a request if it can be sent at once, and return 0; otherwise return the seconds until it can be."""
        if service != MEDIA_PIPELINES or self.per_second <= 0:
            return 0.0
        waits: list[float] = []

        def with_immediate_request(known: Times) -> Times:
            now = self.now()
            times = self._believable(known, now)
            waits.append(self._next(times, now) - now)
            return (*times, now)[-self._in_a_second :] if waits[-1] <= 0 else known

        self.plan.change(with_immediate_request)
        return waits[-1]

    @property
    def _in_a_second(self) -> int:
        return max(1, math.ceil(self.per_second))

    def _next(self, times: Times, now: float) -> float:
        """Return the time at which the next request may be sent."""
        span = self._in_a_second / self.per_second
        planned = max([now, *times[-1:]])
        if len(times) >= self._in_a_second:
            planned = max(planned, times[-self._in_a_second] + span)
        if sum(one > planned - span for one in times) >= min(BURST_SIZE, self._in_a_second):
            planned = max(planned, times[-1] + 1 / self.per_second)
        return planned

    def _believable(self, times: Times, now: float) -> Times:
        return times if max(times, default=now) <= now + MAX_PLANNED_SECONDS else ()


@dataclass(frozen=True, slots=True)
class LowPriorityPace:
    """A pace for requests of low priority, such as polls: all other requests are sent first.

    Attributes:
        sleep: Blocks for so many seconds.
    """

    pace: Pace
    sleep: Callable[[float], None]

    def __call__(self, service: str) -> float:
        """Wait until no other request is planned, up to `PATIENCE_SECONDS`; return the seconds left to wait."""
        waited = 0.0
        while waited < PATIENCE_SECONDS:
            if (seconds := self.pace.at_once_or_in(service)) <= 0:
                return 0.0
            self.sleep(seconds)
            waited += seconds
        return self.pace(service)


def pace_of(settings: AwsSettings, environment: Mapping[str, str] = os.environ) -> Pace:
    """Return the pace for these settings, shared by all processes with the same account, region and credentials."""
    variables = ("AWS_ENDPOINT_URL_CHIME_SDK_MEDIA_PIPELINES", "AWS_ENDPOINT_URL")
    from_environment = next(filter(None, map(environment.get, variables)), "")
    url = dict(settings.endpoints).get(MEDIA_PIPELINES) or from_environment
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
    given = Path(environment.get("XDG_CACHE_HOME") or "")
    if given.is_absolute():  # a relative one does not count [D: XDG Base Directory Specification]
        return given / FOLDER
    home = Path(environment.get("HOME") or environment.get("USERPROFILE") or os.path.expanduser("~"))
    # Without a home there is no place that is the user's alone: each process counts for itself then.
    return home / ".cache" / FOLDER if home.is_absolute() else Path(os.devnull) / FOLDER


def _positive(text: str | None, default: float) -> float:
    number = default if text is None else _number(text, default)
    return number if math.isfinite(number) and number >= 0 else default


def _number(text: str, default: float = 0.0) -> float:
    try:
        return float(text)
    except ValueError:
        return default
