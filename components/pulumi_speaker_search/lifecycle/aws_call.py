"""One call to AWS: asked again where that can help, one at a time per resource, errors in our words.

The retries are tenacity's; which errors deserve one is the table below. botocore's own are off: its standard mode
gives ThrottledClientException (429) a single attempt [R], and only here is it known that a lost answer to a start
leaves a doubt which a lost answer to a Get does not.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Final

from .analysis_task import ANALYSIS_TASKS
from .clock import Clock, SystemClock
from .errors import (
    AbandonedError,
    ActionError,
    AwsUnavailableError,
    ConflictError,
    NotFoundError,
    OutcomeUnknownError,
    QuotaFullError,
    RefusedError,
    Subject,
)
from .ledger_memory import LedgerMemory
from .loopback import START_IT, place_without_listener

BACK_OFF_BASE_SECONDS: Final = 0.25
BACK_OFF_CAP_SECONDS: Final = 8.0
"""Full jitter: before attempt n + 1 a random part of min(cap, base × 2ⁿ) seconds."""

THROTTLED: Final = frozenset(
    {"ThrottledClientException", "ThrottlingException", "ClientLimitExceededException"}
)
"""Not taken, whatever the HTTP status: ask again later [M: Chime, KVS]."""

QUOTAS: Final = {
    **{kind.start: kind.quota for kind in ANALYSIS_TASKS},
    "create_media_insights_pipeline": "active media insights pipelines (20 per region by default)",
}
"""Operation → the quota of resources that ResourceLimitExceeded speaks about [D]. Of all other operations it means a
rate or a quota of concurrent calls, which passes: AWS gives one code for any of them [D ca-regions]."""

QUOTA_FULL: Final = frozenset({"ResourceLimitExceededException", "ServiceQuotaExceededException"})
NOT_FOUND: Final = frozenset({"NotFoundException", "ResourceNotFoundException"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Aws:
    """AWS as the life cycle sees it.

    Attributes:
        client_of: botocore's service name → its client. Made late: a preview needs none.
        clock: Time.
        jitter: Upper bound → a random number of seconds up to it.
        alone: Whether the engine that asked is gone, so that nobody would record what is started.
        warn: Where a sentence goes that the user should read though nothing failed.
        pace: botocore's service name → the seconds to wait before the next request, so that AWS's rate is kept.
        memory: What this process knows of pipelines that it made and tasks that it stopped.
    """

    client_of: Callable[[str], Any]
    clock: Clock = field(default_factory=SystemClock)
    jitter: Callable[[float], float] = lambda bound: random.uniform(0, bound)  # noqa: S311 # no secret
    alone: Callable[[], bool] = lambda: False
    warn: Callable[[str], None] = lambda _text: None
    pace: Callable[[str], float] = lambda _service: 0.0
    memory: LedgerMemory = field(default_factory=LedgerMemory)


@dataclass(frozen=True, slots=True)
class Settling:
    """Which refusals are asked again, because what a request needs may not have spread yet.

    Attributes:
        seconds: AWS code → for how many seconds after the first attempt.
        before_asking_again: Called with such a refusal; it raises where asking again is no use.
    """

    seconds: Mapping[str, float] = field(default_factory=dict)
    before_asking_again: Callable[[ActionError], None] = lambda _refusal: None


AT_ONCE: Final = Settling()
"""Every refusal counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What to ask of AWS, and how to speak about it.

    Attributes:
        service, operation: botocore's names, like `chime-sdk-media-pipelines`, `get_speaker_search_task`.
        parameters: The request's members.
        action: A verb for messages: start, read, stop, …
        subject: What it is about.
        one_at_a_time: Resources of which AWS takes one call at a time [D]: ids or ARNs.
        starts: Whether it makes something listen, so that a lost answer is a doubt.
    """

    service: str
    operation: str
    parameters: Mapping[str, Any]
    action: str
    subject: Subject
    one_at_a_time: tuple[str, ...] = ()
    starts: bool = False
    settling: Settling = AT_ONCE


def send(aws: Aws, call: Call, *, deadline: float) -> dict[str, Any]:
    """Return the answer to `call`, asked again on throttling, 5xx and broken connections until `deadline`.

    Args:
        deadline: On `aws.clock.monotonic()`; the first attempt is made even past it.

    Raises:
        RefusedError: And its kinds: AWS said no.
        OutcomeUnknownError: Some attempt's answer was lost and none came; only where `call.starts`.
        AwsUnavailableError: The time is over, and nothing happened.
        AbandonedError: The engine is gone; only where `call.starts`.
    """
    import tenacity

    attempts = _Attempts(aws, call)
    loop = tenacity.Retrying(
        sleep=aws.clock.sleep,
        wait=lambda state: aws.jitter(
            min(BACK_OFF_CAP_SECONDS, BACK_OFF_BASE_SECONDS * 2.0 ** (state.attempt_number - 1))
        ),
        stop=lambda state: aws.clock.monotonic() + state.upcoming_sleep >= deadline,
        retry=tenacity.retry_if_exception_type(_AskAgainError),
        reraise=True,
    )
    try:
        answer: dict[str, Any] = loop(attempts.once)
    except _AskAgainError as last:
        raise attempts.given_up(last) from last.__cause__
    return answer


class _AskAgainError(Exception):
    """An attempt that deserves another.

    Attributes:
        lost: Whether AWS may have done the work all the same.
        refusal: What to raise when no attempt is left, where AWS said no to this one.
    """

    def __init__(
        self,
        *,
        lost: bool,
        what: str,
        code: str | None = None,
        request_id: str | None = None,
        refusal: ActionError | None = None,
    ) -> None:
        super().__init__(what)
        self.lost = lost
        self.code = code
        self.request_id = request_id
        self.refusal = refusal


class _Attempts:
    """The attempts at one call: counts them, and remembers whether an answer was lost."""

    def __init__(self, aws: Aws, call: Call) -> None:
        self.aws = aws
        self.call = call
        self.count = 0
        self.lost_one = False
        self.since = aws.clock.monotonic()

    def once(self) -> dict[str, Any]:
        from botocore.exceptions import (
            BotoCoreError,
            ClientError,
            ConnectionError,  # noqa: A004 # botocore's, which is not the builtin
            HTTPClientError,
        )

        if self.call.starts and self.aws.alone():
            raise self._abandoned()
        self.count += 1
        try:
            # A client takes its time to be made: before the moment is planned at which the request is sent.
            operation = getattr(self.aws.client_of(self.call.service), self.call.operation)
            if wait_seconds := self.aws.pace(self.call.service):
                self.aws.clock.sleep(wait_seconds)
            with _held(self.call.one_at_a_time):
                answer: dict[str, Any] = operation(**self.call.parameters)
        except ClientError as refusal:
            raise self._read(refusal) from refusal
        except HTTPClientError as broken:  # a connection that was cut, or an answer that did not come in time
            self.lost_one = True
            raise _AskAgainError(lost=True, what=type(broken).__name__) from broken
        except ConnectionError as unreachable:  # none came about, so the request never went out
            raise self._unreachable(unreachable) from unreachable
        except BotoCoreError as unsendable:  # no credentials, no region, no such profile
            raise RefusedError(
                str(unsendable).rstrip("."),
                action=self.call.action,
                subject=self.call.subject,
                remedy="Nothing was sent. Check the credentials, the region and the `aws:` stack config.",
            ) from unsendable
        return answer

    def _unreachable(self, failed: Any) -> Exception:
        place = place_without_listener(failed)
        if place is None or (self.lost_one and self.call.starts):
            return _AskAgainError(lost=False, what=type(failed).__name__)
        return AwsUnavailableError(
            f"nothing listens at {place}",
            action=self.call.action,
            subject=self.call.subject,
            remedy=START_IT,
        )

    def _abandoned(self) -> ActionError:
        kind: type[ActionError]
        if self.lost_one:  # an attempt before may have started something all the same
            kind, what = OutcomeUnknownError, "an answer was lost, and then the Pulumi engine was gone"
        else:
            kind, what = AbandonedError, "the Pulumi engine that asked for it is gone, so nothing was started"
        return kind(
            what,
            action=self.call.action,
            subject=self.call.subject,
            remedy="Run `pulumi cancel`, then `pulumi up`.",
        )

    def _read(self, refusal: Any) -> Exception:
        """Return what botocore's one exception means for us."""
        error = refusal.response.get("Error", {})
        metadata = refusal.response.get("ResponseMetadata", {})
        code = str(error.get("Code", "unknown"))
        status = int(metadata.get("HTTPStatusCode", 0))
        request_id = metadata.get("RequestId")
        passes = code in QUOTA_FULL and self.call.operation not in QUOTAS
        if code in THROTTLED or status == 429 or passes:
            return _AskAgainError(lost=False, what="AWS throttled it", code=code, request_id=request_id)
        if status >= 500:
            self.lost_one = True
            return _AskAgainError(
                lost=True, what=f"AWS failed with HTTP {status}", code=code, request_id=request_id
            )
        kind, what, remedy = self._meaning(code, str(error.get("Message", "")))
        if self.lost_one and self.call.starts:
            # A refusal now says nothing about the attempt whose answer was lost.
            kind, what = OutcomeUnknownError, f"an answer was lost, and then: {what}"
        error = kind(
            what,
            action=self.call.action,
            subject=self.call.subject,
            remedy=remedy,
            aws_code=code,
            request_id=request_id,
        )
        if self.aws.clock.monotonic() - self.since >= self.call.settling.seconds.get(code, 0.0):
            return error
        self.call.settling.before_asking_again(error)
        return _AskAgainError(lost=False, what=what, code=code, request_id=request_id, refusal=error)

    def _meaning(self, code: str, message: str) -> tuple[type[ActionError], str, str]:
        if code in NOT_FOUND:
            return NotFoundError, message or "AWS does not find it", "Run `pulumi refresh`."
        if code == "ConflictException":
            return ConflictError, message or "its state does not allow it now", "Run it again."
        if code in QUOTA_FULL:
            quota = QUOTAS.get(self.call.operation, "of this account and region")
            return (
                QuotaFullError,
                f"a quota is full: {quota}",
                "Stop what is not needed (`speaker-search sweep` shows what runs without being in state), "
                "or ask AWS for a higher quota.",
            )
        if code in ("ForbiddenException", "UnauthorizedClientException", "AccessDeniedException"):
            return RefusedError, message or "no permission", "Check credentials and IAM policy."
        return RefusedError, message or "AWS refused it", "Correct what AWS names, and run it again."

    def given_up(self, last: _AskAgainError) -> Exception:
        if last.refusal is not None:
            return last.refusal
        times = "once" if self.count == 1 else f"{self.count} times"
        doubt = self.lost_one and self.call.starts
        return (OutcomeUnknownError if doubt else AwsUnavailableError)(
            f"{last} (asked {times})",
            action=self.call.action,
            subject=self.call.subject,
            remedy="Run it again; `timeout_seconds` gives it longer.",
            aws_code=last.code,
            request_id=last.request_id,
        )


_locks: defaultdict[str, Lock] = defaultdict(Lock)
_locks_guard = Lock()


class _held:  # noqa: N801 # reads as a sentence in `with _held(…)`
    """Holds the locks of some resources, always taken in the same order."""

    def __init__(self, names: tuple[str, ...]) -> None:
        with _locks_guard:
            self.locks = [_locks[name] for name in sorted(set(names))]

    def __enter__(self) -> None:
        for lock in self.locks:
            lock.acquire()

    def __exit__(self, *_exception: object) -> None:
        for lock in reversed(self.locks):
            lock.release()
