"""Calls to the local AWS: boto3 clients per region, made once, and errors that name the resource.

Clients are made on first use: a preview calls nothing and must not pay for boto3.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from sandbox.aws_provider.configuration import Configuration, is_loopback
from sandbox.aws_provider.reachability import not_running

#: One connection per call that can run at once; the servicer has as many threads.
CONNECTIONS_PER_CLIENT = 64
#: botocore's standard mode does not know the Chime SDK's throttling code, so it is retried here.
THROTTLING_CODES = frozenset({"ThrottledClientException", "ThrottlingException", "LimitExceededException"})
#: Sources of credentials outside of this machine.
_REMOTE_CREDENTIALS = (
    "assume-role",
    "assume-role-with-web-identity",
    "sso",
    "login",
    "container-role",
    "iam-role",
)


class AwsError(Exception):
    """AWS refused a call, or it was not reached. `code` is AWS's own, or the Python exception's name."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class WaitTimeoutError(Exception):
    """A resource did not reach the expected status in time."""


@dataclass(frozen=True)
class Subject:
    """The resource and action of a call, for errors: `creating aws:sns/topic:Topic "alerts"`."""

    type_token: str
    name: str
    action: str

    def __str__(self) -> str:
        return (
            f'{self.action} {self.type_token} "{self.name}"'
            if self.name
            else f"{self.action} {self.type_token}"
        )


class Clients:
    """boto3 clients by service and region. Safe for many threads; each client is made once."""

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration
        self._lock = threading.Lock()
        self._session: Any = None
        self._clients: dict[tuple[str, str], Any] = {}

    def client(self, service: str, region: str) -> Any:
        """Return the client for a boto3 service name in a region."""
        client = self._clients.get((service, region))
        if client is None:
            with self._lock:  # boto3 sessions are not thread-safe; clients are
                client = self._clients.get((service, region))
                if client is None:
                    client = self._clients[service, region] = self._make(service, region)
        return client

    def data(self, name: str) -> Any:
        """Return one of botocore's own data files, such as `partitions`."""
        with self._lock:
            return self._boto3_session()._session.get_data(name)  # noqa: SLF001 # botocore's, behind boto3

    def _boto3_session(self) -> Any:
        if self._session is None:
            import boto3

            configuration = self._configuration
            self._session = boto3.Session(
                aws_access_key_id=configuration.access_key,
                aws_secret_access_key=configuration.secret_key,
                aws_session_token=configuration.token,
                profile_name=configuration.profile,
                region_name=configuration.region,
            )
            resolver = self._session._session.get_component("credential_provider")  # noqa: SLF001 # botocore's
            for method in _REMOTE_CREDENTIALS:
                resolver.remove(method)
        return self._session

    def _make(self, service: str, region: str) -> Any:
        from botocore.config import Config

        endpoint = self._configuration.endpoints.get(service)
        if endpoint is None:
            raise AwsError(
                "NoLocalEndpoint",
                f"no local endpoint for {service}: set AWS_ENDPOINT_URL, or add the service to aws:endpoints",
            )
        client = self._boto3_session().client(
            service,
            region_name=region,
            endpoint_url=endpoint,
            config=Config(
                max_pool_connections=CONNECTIONS_PER_CLIENT,
                retries={"mode": "standard", "max_attempts": self._configuration.maximum_attempts},
                connect_timeout=5,
                read_timeout=60,
                proxies={},
            ),
        )
        client.meta.events.register("before-send", _refuse_other_machines)
        client.meta.events.register_first("needs-retry", partial(_fail_if_connection_refused, endpoint))
        return client


def _refuse_other_machines(request: Any, **_: Any) -> None:
    """Raise AwsError for a request to another machine, whatever has built it."""
    host = urlsplit(request.url).hostname or ""
    if not is_loopback(host):
        raise AwsError("NotLoopback", f"refused to call {host}: the stand-in talks to this machine only")


def _fail_if_connection_refused(url: str, caught_exception: BaseException | None, **_: Any) -> None:
    """Fail at once if a connection is refused: botocore's 25 attempts would take minutes."""
    from botocore.exceptions import EndpointConnectionError

    if isinstance(caught_exception, EndpointConnectionError):
        raise AwsError("NotRunning", not_running(url)) from caught_exception


class AwsCalls:
    """The calls of one operation of the engine, in one region, about one resource."""

    def __init__(
        self,
        clients: Clients,
        region: str,
        subject: Subject,
        *,
        timeout_seconds: float = 300,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._clients = clients
        self.region = region
        self.subject = subject
        self._deadline = clock() + timeout_seconds
        self._timeout_seconds = timeout_seconds
        self._clock = clock
        self._sleep = sleep

    def call(self, service: str, operation: str, /, **members: Any) -> dict[str, Any]:
        """Call `operation` (boto3's snake_case name); members that are None are omitted. Raises AwsError."""
        arguments = {key: value for key, value in members.items() if value is not None}
        pause_seconds = 0.1
        while True:
            try:
                response: dict[str, Any] = getattr(self._clients.client(service, self.region), operation)(
                    **arguments
                )
            except AwsError as error:
                raise AwsError(error.code, f"{self.subject}: {error}") from error
            except Exception as error:
                code = _code(error)
                if code in THROTTLING_CODES and self._clock() + pause_seconds < self._deadline:
                    self._sleep(pause_seconds)
                    pause_seconds = min(pause_seconds * 2, 5)
                    continue
                raise AwsError(code, f"{self.subject}: {_explain(error, operation)}") from error
            return response

    def wait(self, what: str, done: Callable[[], Mapping[str, Any] | None]) -> Mapping[str, Any]:
        """Poll `done` until it returns something: at once, then with pauses of 50 ms growing to 1 s."""
        pause_seconds = 0.05
        while (result := done()) is None:
            if self._clock() + pause_seconds > self._deadline:
                raise WaitTimeoutError(f"{self.subject}: not {what} after {self._timeout_seconds:g} seconds")
            self._sleep(pause_seconds)
            pause_seconds = min(pause_seconds * 1.5, 1)
        return result

    def wait_until_gone(self, fetch: Callable[[], object], gone: frozenset[str]) -> None:
        """Poll `fetch` until it raises an AwsError with a code of `gone`. Raises AwsError, WaitTimeoutError."""

        def deleted() -> Mapping[str, Any] | None:
            try:
                fetch()
            except AwsError as error:
                if error.code in gone:
                    return {}
                raise
            return None

        self.wait("deleted", deleted)


def _code(error: Exception) -> str:
    response = getattr(error, "response", None)
    if isinstance(response, Mapping):
        return str(response.get("Error", {}).get("Code") or type(error).__name__)
    return type(error).__name__


def _explain(error: Exception, operation: str) -> str:
    """Return AWS's code, message and request id, or how the call failed."""
    api_name = "".join(part.capitalize() for part in operation.split("_"))
    response = getattr(error, "response", None)
    if isinstance(response, Mapping):
        detail = response.get("Error", {})
        request_id = response.get("ResponseMetadata", {}).get("RequestId") or "none given"
        status = response.get("ResponseMetadata", {}).get("HTTPStatusCode")
        return (
            f"{api_name} answered {detail.get('Code')} (HTTP {status}): {detail.get('Message')} "
            f"(request id {request_id})"
        )
    name = type(error).__name__
    if name in ("ConnectTimeoutError", "ConnectionClosedError"):
        return f"{api_name} got no answer ({error}); look whether the local AWS runs: `python3 -m sandbox status`"
    if name == "NoCredentialsError":
        return f'{api_name} has no credentials; `eval "$(python -m sandbox env)"` sets throw-away ones'
    return f"{api_name} failed: {name}: {error}"
