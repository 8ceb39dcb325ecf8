"""Clients of AWS, one for each service and settings. The account is verified before the first one is returned."""

from __future__ import annotations

import os
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final

from .aws_settings import (
    KINESIS_VIDEO,
    MEDIA_PIPELINES,
    QUEUES,
    VOICE,
    AwsSettings,
    settings_from_config,
)
from .errors import AccountMismatchError, AwsUnavailableError, Subject
from .loopback import START_IT, place_without_listener

__all__ = [
    "KINESIS_VIDEO",
    "MEDIA_PIPELINES",
    "QUEUES",
    "VOICE",
    "AwsSettings",
    "client",
    "settings_from_config",
]

CONNECT_TIMEOUT_SECONDS: Final = 5
READ_TIMEOUT_SECONDS: Final = 15
"""These are small control-plane calls: one that takes longer is lost, and is sent again with the same token."""

LONG_POLL_READ_TIMEOUT_SECONDS: Final = 30
"""A queue keeps a request that waits for messages open for up to 20 s [D SQS ReceiveMessage]."""

MAX_CONNECTIONS: Final = 64
"""As many as the provider has threads (`worker_threads.py`); the program has fewer."""

Environment = tuple[tuple[str, str], ...]

_clients: dict[tuple[AwsSettings, Environment, str], Any] = {}
_sessions: dict[tuple[AwsSettings, Environment], Any] = {}
_lock = Lock()


def client(settings: AwsSettings, service: str) -> Any:
    """Return the botocore client for `service`, made once per settings; threads may share it.

    botocore does no retries here: `aws_call` does them, because botocore never retries ThrottledClientException (429)
    and does not know which calls leave the outcome unknown if their response is lost.

    Raises:
        AccountMismatchError: The credentials are of an account that the settings do not allow.
    """
    # One process may drive several stacks, and change its environment from one to the next.
    environment = _aws_environment()
    key = (settings, environment, service)
    if (made := _clients.get(key)) is not None:
        return made
    with _lock:  # making sessions and clients is not thread-safe in botocore
        if key not in _clients:
            _clients[key] = _make(settings, environment, service)
        return _clients[key]


def _aws_environment() -> Environment:
    return tuple(sorted(item for item in os.environ.items() if item[0].startswith("AWS_")))


def unsigned_client(settings: AwsSettings, service: str, timeout_seconds: float) -> Any:
    """Return a client that sends requests without credentials, which AWS answers with a refusal.

    It finds out whether a service can be reached; credentials that hang or are missing do not prevent that.
    """
    from botocore import UNSIGNED
    from botocore.config import Config

    quick = Config(signature_version=UNSIGNED, connect_timeout=timeout_seconds, read_timeout=timeout_seconds)
    # A session of its own, so that it does not wait for another thread that asks for credentials.
    return _plain_session(settings).create_client(
        service,
        region_name=settings.region,
        endpoint_url=dict(settings.endpoints).get(service),
        verify=_verify(settings),
        config=_config(settings).merge(quick),
    )


@dataclass(frozen=True, slots=True)
class CredentialSource:
    """Where the credentials of the settings come from.

    Attributes:
        method: botocore's name of it: `env`, `shared-credentials-file`, `sso`, `assume-role`, …; `explicit` for those
            of the `aws:` config.
        access_key_id: Not secret by itself, but not for a report in full either.
    """

    method: str
    access_key_id: str


def credential_source(settings: AwsSettings) -> CredentialSource | None:
    """Return where the credentials come from; None if there are none. A role of the settings is assumed for that.

    Raises:
        AccountMismatchError: They are of an account that the settings do not allow.
    """
    environment = _aws_environment()
    with _lock:
        if not settings.access_key and _plain_session(settings).get_credentials() is None:
            return None
        credentials = _session(settings, environment).get_credentials()
        return CredentialSource(str(credentials.method), str(credentials.get_frozen_credentials().access_key))


def default_region(settings: AwsSettings) -> str | None:
    """Return the region of the settings, the environment or the profile."""
    return settings.region or _plain_session(settings).get_config_variable("region")


def endpoints_of_profile(settings: AwsSettings) -> bool:
    """Tell whether the shared config file names endpoints for the profile."""
    scoped = _plain_session(settings).get_scoped_config()
    return bool(scoped.get("endpoint_url") or scoped.get("services"))


def _make(settings: AwsSettings, environment: Environment, service: str) -> Any:
    session = _session(settings, environment)
    return session.create_client(
        service,
        region_name=settings.region,
        endpoint_url=dict(settings.endpoints).get(service),
        verify=_verify(settings),
        config=_config(
            settings, LONG_POLL_READ_TIMEOUT_SECONDS if service == QUEUES else READ_TIMEOUT_SECONDS
        ),
    )


def _config(settings: AwsSettings, read_timeout_seconds: int = READ_TIMEOUT_SECONDS) -> Any:
    from botocore.config import Config

    return Config(
        connect_timeout=CONNECT_TIMEOUT_SECONDS,
        read_timeout=read_timeout_seconds,
        retries={"total_max_attempts": 1, "mode": "standard"},
        max_pool_connections=MAX_CONNECTIONS,
        user_agent_extra="pulumi-speaker-search",
        use_fips_endpoint=settings.use_fips_endpoint or None,
        use_dualstack_endpoint=settings.use_dualstack_endpoint or None,
        proxies=dict(settings.proxies) or None,
    )


def _verify(settings: AwsSettings) -> bool | str | None:
    return False if settings.insecure else settings.custom_ca_bundle


def _session(settings: AwsSettings, environment: Environment) -> Any:
    """Return a session of botocore. boto3's takes longer to import and adds nothing that is needed here."""
    key = (settings, environment)
    if key not in _sessions:
        session = _plain_session(settings)
        if settings.access_key:
            session.set_credentials(settings.access_key, settings.secret_key, settings.session_token)
        if settings.assume_role:
            session = _with_role(session, settings)
        _check_account(session, settings)
        _sessions[key] = session
    return _sessions[key]


def _plain_session(settings: AwsSettings) -> Any:
    from botocore.session import Session

    session = Session(profile=settings.profile)
    for name, value in {
        "region": settings.region,
        "config_file": settings.shared_config_file,
        "credentials_file": settings.shared_credentials_file,
        "ec2_metadata_service_endpoint": settings.ec2_metadata_service_endpoint,
        "ec2_metadata_service_endpoint_mode": settings.ec2_metadata_service_endpoint_mode,
    }.items():
        if value:
            session.set_config_variable(name, value)
    if settings.skip_metadata_api_check:
        session.get_component("credential_provider").remove("iam-role")
    return session


def _with_role(session: Any, settings: AwsSettings) -> Any:
    """Return a session with credentials of the role, which are refreshed before they expire."""
    from botocore.credentials import AssumeRoleCredentialFetcher, DeferredRefreshableCredentials

    parameters = settings.role_parameters()

    def sts(_service: str, **options: Any) -> Any:
        return _sts(session, settings, **options)

    fetcher = AssumeRoleCredentialFetcher(
        client_creator=sts,
        source_credentials=session.get_credentials(),
        role_arn=str(parameters.pop("RoleArn")),
        extra_args=parameters,
    )
    inner = _plain_session(settings)
    inner._credentials = DeferredRefreshableCredentials(  # noqa: SLF001 # botocore has no other way to set a source
        method="assume-role", refresh_using=fetcher.fetch_credentials
    )
    return inner


def _sts(session: Any, settings: AwsSettings, **options: Any) -> Any:
    if settings.sts_region:
        options["region_name"] = settings.sts_region
    options.setdefault("region_name", settings.region)
    return session.create_client(
        "sts",
        endpoint_url=dict(settings.endpoints).get("sts"),
        verify=_verify(settings),
        config=options.pop("config", None) or _config(settings),
        **options,
    )


def _check_account(session: Any, settings: AwsSettings) -> None:
    """Compare the account with the settings before any other call."""
    if not (settings.account_id or settings.allowed_account_ids or settings.forbidden_account_ids):
        return
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        account_id = str(_sts(session, settings).get_caller_identity()["Account"])
    except (BotoCoreError, ClientError) as unknown:
        if place := place_without_listener(unknown):
            raise AwsUnavailableError(
                f"nothing listens at {place}",
                action="use",
                subject=Subject(kind="these credentials"),
                remedy=START_IT,
            ) from unknown
        raise _account_error(f"STS did not return their account ({type(unknown).__name__})") from unknown
    if settings.account_id and account_id != settings.account_id:
        raise _account_error(
            f"they are of account {account_id}, and what is asked about is in {settings.account_id}"
        )
    if settings.allowed_account_ids and account_id not in settings.allowed_account_ids:
        raise _account_error(f"account {account_id} is not among aws:allowedAccountIds")
    if account_id in settings.forbidden_account_ids:
        raise _account_error(f"account {account_id} is among aws:forbiddenAccountIds")


def _account_error(reason: str) -> AccountMismatchError:
    return AccountMismatchError(
        reason,
        action="use",
        subject=Subject(kind="these credentials"),
        remedy="Nothing was sent to that account. Check credentials, profile and the `aws:` stack config; a program "
        "inside another process (Automation API) does not see `LocalWorkspaceOptions(env_vars=…)`.",
    )
