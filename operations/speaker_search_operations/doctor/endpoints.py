"""Check that each service that is used can be reached, and tell DNS, TLS, proxies and time-outs apart."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ProxyConnectionError,
    ReadTimeoutError,
    SSLError,
)
from botocore.parsers import ResponseParserError
from pulumi_speaker_search.lifecycle.aws_client import (
    KINESIS_VIDEO,
    MEDIA_PIPELINES,
    VOICE,
    AwsSettings,
    unsigned_client,
)
from pulumi_speaker_search.lifecycle.loopback import START_IT, is_loopback, place

from .check import Check, Probe, Verdict


@dataclass(frozen=True, slots=True)
class Service:
    """A service, and the call that is sent to it without credentials: AWS's refusal shows that it answers.

    Attributes:
        name: botocore's name of it.
        is_optional: Whether only this command uses it.
    """

    name: str
    operation: str
    is_optional: bool = False


SERVICES: Final = (
    Service(VOICE, "list_voice_profile_domains"),
    Service(MEDIA_PIPELINES, "list_media_pipelines"),
    Service(KINESIS_VIDEO, "list_streams"),
    Service("sts", "get_caller_identity"),
    Service("iam", "list_roles", is_optional=True),
    Service("service-quotas", "list_services", is_optional=True),
)

NETWORK: Final = "Check the network: VPN, firewall, proxy (HTTPS_PROXY, NO_PROXY), VPC endpoints."


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a service can't be reached, and what helps."""

    reason: str
    remedy: str


def endpoint_probes(settings: AwsSettings, timeout_seconds: float) -> Iterator[Probe]:
    """Yield a probe for each service in the region of the settings."""

    def probe(service: Service) -> Probe:
        return Probe(
            f"endpoint {service.name}",
            lambda: [endpoint_check(settings, service, timeout_seconds)],
            NETWORK,
            settings.region,
        )

    yield from map(probe, SERVICES)


def endpoint_check(settings: AwsSettings, service: Service, timeout_seconds: float) -> Check:
    """Send one request without credentials."""
    client: Any = unsigned_client(settings, service.name, timeout_seconds)
    url = str(client.meta.endpoint_url)
    failure: Failure | None = None
    try:
        getattr(client, service.operation)()
    except ClientError:
        failure = None  # an answer, and nothing else is asked for
    except ResponseParserError:
        failure = STRANGER
    except BotoCoreError as error:
        failure = failure_of(error, url)
    name = f"endpoint {service.name}"
    if failure is None:
        local = is_loopback(url)
        found = (
            f"{place(url)} answers: a local AWS on this machine, not AWS."
            if local
            else f"{place(url)} answers."
        )
        verdict = Verdict.WARNING if local else Verdict.OK
        remedy = "See the check endpoint overrides." if local else None
        return Check(name=name, verdict=verdict, found=found, remedy=remedy, region=settings.region)
    verdict = Verdict.WARNING if service.is_optional else Verdict.PROBLEM
    optional = " Only this command uses the service." if service.is_optional else ""
    found = f"{place(url)}: {failure.reason}.{optional}"
    return Check(name=name, verdict=verdict, found=found, remedy=failure.remedy, region=settings.region)


FAILURES: Final[tuple[tuple[type[BotoCoreError], Failure], ...]] = (
    (
        ProxyConnectionError,
        Failure("the proxy refuses or can't be reached", "Check HTTPS_PROXY and NO_PROXY."),
    ),
    (
        SSLError,
        Failure(
            "TLS failed: its certificate is not trusted, or it speaks no TLS",
            "If a proxy inspects TLS, name its certificate with AWS_CA_BUNDLE or aws:customCaBundle.",
        ),
    ),
    (ConnectTimeoutError, Failure("no connection was made in time", NETWORK)),
    (ReadTimeoutError, Failure("it accepts connections, but gave no answer in time", NETWORK)),
    (EndpointConnectionError, Failure("the connection is refused, or there is no route", NETWORK)),
)
STRANGER: Final = Failure("what answers there is not AWS, but perhaps a proxy or a sign-in page", NETWORK)
DNS: Final = Failure("its name can't be resolved (DNS)", "Check the region, the name and the DNS server.")
NOBODY: Final = Failure("nothing listens there", START_IT.removeprefix("Nothing was sent. "))


def failure_of(error: BotoCoreError, url: str) -> Failure:
    """Return why no answer came, in words for people."""
    if isinstance(error, EndpointConnectionError) and _is_dns(error):
        return DNS
    if isinstance(error, EndpointConnectionError) and is_loopback(url):
        return NOBODY
    known = (failure for kind, failure in FAILURES if isinstance(error, kind))
    return next(known, Failure(f"the request failed ({type(error).__name__})", NETWORK))


def _is_dns(error: EndpointConnectionError) -> bool:
    cause: Any = error.kwargs.get("error")
    while cause is not None:
        if isinstance(cause, socket.gaierror) or type(cause).__name__ == "NameResolutionError":
            return True
        cause = cause.__cause__ or cause.__context__
    return False
