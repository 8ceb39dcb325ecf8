"""Send one call to AWS: retry it if that can help, serialize calls per resource, translate AWS's errors.

tenacity does the retries; `aws_refusals` has the tables of AWS's codes. botocore's own retries are off: its standard
mode gives ThrottledClientException (429) a single attempt [R], and only this module knows that a lost response to a
start leaves its outcome unknown, which a lost response to a Get does not.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from .aws_refusals import classify, is_throttling
from .clock import Clock, SystemClock
from .errors import (
    AbandonedError,
    ActionError,
    AwsUnavailableError,
    OutcomeUnknownError,
    RefusedError,
    Subject,
)
from .ledger_memory import LedgerMemory
from .loopback import START_IT, place_without_listener
from .resource_locks import resource_locks

BACK_OFF_BASE_SECONDS: Final = 0.25
BACK_OFF_CAP_SECONDS: Final = 8.0
"""Full jitter: before attempt n + 1 the delay is random between 0 and min(cap, base × 2ⁿ) seconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Aws:
    """Access to AWS, and everything that calls and waits need beside it.

    Attributes:
        get_client: Returns the client for botocore's name of a service. Called late, because a preview needs no client.
        clock: Time of day, monotonic time and sleep.
        jitter: Returns a random number of seconds between 0 and its argument.
        engine_gone: Returns True if the Pulumi engine has exited; then nothing new is started.
        warn: Shows a warning to the user; takes a complete sentence.
        pace: Returns the seconds to wait before the next request to a service, which keep AWS's rate limit.
        memory: Pipelines that this process has created, and tasks that it has stopped.
    """

    get_client: Callable[[str], Any]
    clock: Clock = field(default_factory=SystemClock)
    jitter: Callable[[float], float] = lambda bound: random.uniform(0, bound)  # noqa: S311 # no secret
    engine_gone: Callable[[], bool] = lambda: False
    warn: Callable[[str], None] = lambda _text: None
    pace: Callable[[str], float] = lambda _service: 0.0
    memory: LedgerMemory = field(default_factory=LedgerMemory)


@dataclass(frozen=True, slots=True)
class RetryWindows:
    """How long each refusal is retried, because AWS may not have propagated yet what the request needs.

    Attributes:
        seconds: AWS code → seconds after the first attempt during which it is retried.
        before_retry: Called with the refusal before each retry; raises an error if a retry can't help.
    """

    seconds: Mapping[str, float] = field(default_factory=dict)
    before_retry: Callable[[ActionError], None] = lambda _refusal: None


NO_RETRIES: Final = RetryWindows()
"""No refusal is retried."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One request to AWS, and the words for messages about it.

    Attributes:
        service, operation: botocore's names, such as `chime-sdk-media-pipelines` and `get_speaker_search_task`.
        parameters: Members of the request.
        action: Verb for messages: start, read, stop, …
        subject: Resource for messages.
        serialize_on: Ids or ARNs of resources for which AWS accepts one call at a time [D].
        ambiguous_if_lost: True for a start: if the response is lost, something may be listening.
        resend_if_lost: False for a call that AWS might carry out twice: it is not sent again after a lost response.
        retry_windows: How long each refusal is retried.
    """

    service: str
    operation: str
    parameters: Mapping[str, Any]
    action: str
    subject: Subject
    serialize_on: tuple[str, ...] = ()
    ambiguous_if_lost: bool = False
    resend_if_lost: bool = True
    retry_windows: RetryWindows = NO_RETRIES


def send(aws: Aws, call: Call, *, deadline: float) -> dict[str, Any]:
    """Return AWS's response; retry throttling, HTTP 5xx and broken connections until `deadline`.

    Args:
        deadline: On `aws.clock.monotonic()`. The first attempt is made even after it.

    Raises:
        RefusedError: AWS refused the request; a subclass says why.
        OutcomeUnknownError: A response was lost, and no later attempt succeeded; only if `call.ambiguous_if_lost`.
        AwsUnavailableError: No attempt succeeded before the deadline, and nothing happened in AWS.
        AbandonedError: The Pulumi engine is gone; only if `call.ambiguous_if_lost`.
    """
    import tenacity

    attempts = _Attempts(aws, call)
    loop = tenacity.Retrying(
        sleep=aws.clock.sleep,
        wait=lambda state: aws.jitter(
            min(BACK_OFF_CAP_SECONDS, BACK_OFF_BASE_SECONDS * 2.0 ** (state.attempt_number - 1))
        ),
        stop=lambda state: aws.clock.monotonic() + state.upcoming_sleep >= deadline,
        retry=tenacity.retry_if_exception(
            lambda failed: isinstance(failed, _RetryableError) and (call.resend_if_lost or not failed.lost)
        ),
        reraise=True,
    )
    try:
        answer: dict[str, Any] = loop(attempts.attempt)
    except _RetryableError as last:
        raise attempts.final_error(last) from last.__cause__
    return answer


class _RetryableError(Exception):
    """An attempt that failed and is retried.

    Attributes:
        lost: True if AWS may have processed the request nevertheless.
        refusal: Error to raise if there is no further attempt; None if AWS did not refuse the request.
    """

    def __init__(
        self,
        *,
        lost: bool,
        reason: str,
        code: str | None = None,
        request_id: str | None = None,
        refusal: ActionError | None = None,
    ) -> None:
        super().__init__(reason)
        self.lost = lost
        self.code = code
        self.request_id = request_id
        self.refusal = refusal


class _Attempts:
    """Make the attempts of one call, count them, and remember whether a response was lost."""

    def __init__(self, aws: Aws, call: Call) -> None:
        self.aws = aws
        self.call = call
        self.count = 0
        self.response_lost = False
        self.since = aws.clock.monotonic()

    def attempt(self) -> dict[str, Any]:
        from botocore.exceptions import (
            BotoCoreError,
            ClientError,
            ConnectionError,  # noqa: A004 # botocore's, which is not the builtin
            HTTPClientError,
        )

        if self.call.ambiguous_if_lost and self.aws.engine_gone():
            raise self._abandoned()
        self.count += 1
        try:
            # To create a client takes time, so it comes before the pace reserves a time for the request.
            operation = getattr(self.aws.get_client(self.call.service), self.call.operation)
            if wait_seconds := self.aws.pace(self.call.service):
                self.aws.clock.sleep(wait_seconds)
            with resource_locks(self.call.serialize_on):
                answer: dict[str, Any] = operation(**self.call.parameters)
        except ClientError as refusal:
            raise self._translate(refusal) from refusal
        except HTTPClientError as broken:  # the connection broke, or the response did not come in time
            self.response_lost = True
            raise _RetryableError(lost=True, reason=type(broken).__name__) from broken
        except ConnectionError as unreachable:  # no connection was made, so the request was not sent
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
        if place is None or (self.response_lost and self.call.ambiguous_if_lost):
            return _RetryableError(lost=False, reason=type(failed).__name__)
        return AwsUnavailableError(
            f"nothing listens at {place}",
            action=self.call.action,
            subject=self.call.subject,
            remedy=START_IT,
        )

    def _abandoned(self) -> ActionError:
        kind: type[ActionError]
        if self.response_lost:  # an earlier attempt may have started something
            kind, reason = OutcomeUnknownError, "AWS's response was lost, and then the Pulumi engine exited"
        else:
            kind, reason = AbandonedError, "the Pulumi engine has exited, so nothing was started"
        return kind(
            reason,
            action=self.call.action,
            subject=self.call.subject,
            remedy="Run `pulumi cancel`, then `pulumi up`.",
        )

    def _translate(self, refusal: Any) -> Exception:
        """Return the error of this package for botocore's ClientError, or `_RetryableError` if it is to be retried."""
        error = refusal.response.get("Error", {})
        metadata = refusal.response.get("ResponseMetadata", {})
        code = str(error.get("Code", "unknown"))
        status = int(metadata.get("HTTPStatusCode", 0))
        request_id = metadata.get("RequestId")
        if is_throttling(self.call.operation, code, status):
            return _RetryableError(lost=False, reason="AWS throttled it", code=code, request_id=request_id)
        if status >= 500:
            self.response_lost = True
            return _RetryableError(
                lost=True, reason=f"AWS failed with HTTP {status}", code=code, request_id=request_id
            )
        kind, reason, remedy = classify(self.call.operation, code, str(error.get("Message", "")))
        if self.response_lost and self.call.ambiguous_if_lost:
            # This refusal says nothing about the attempt whose response was lost.
            kind, reason = OutcomeUnknownError, f"AWS's response was lost; then AWS refused a retry: {reason}"
        error = kind(
            reason,
            action=self.call.action,
            subject=self.call.subject,
            remedy=remedy,
            aws_code=code,
            request_id=request_id,
        )
        if self.aws.clock.monotonic() - self.since >= self.call.retry_windows.seconds.get(code, 0.0):
            return error
        self.call.retry_windows.before_retry(error)
        return _RetryableError(lost=False, reason=reason, code=code, request_id=request_id, refusal=error)

    def final_error(self, last: _RetryableError) -> Exception:
        if last.refusal is not None:
            return last.refusal
        attempts = "1 attempt" if self.count == 1 else f"{self.count} attempts"
        is_ambiguous = self.response_lost and self.call.ambiguous_if_lost
        return (OutcomeUnknownError if is_ambiguous else AwsUnavailableError)(
            f"{last} ({attempts})",
            action=self.call.action,
            subject=self.call.subject,
            remedy="Run the same command again; a larger `timeout_seconds` allows more attempts.",
            aws_code=last.code,
            request_id=last.request_id,
        )
