"""Where AWS is and who we are there: settings as one frozen value, clients made once per value.

The settings are those of the `aws` provider's stack config (`aws:region`, `aws:profile`, …), so that the dynamic
resources and the program talk to the same account as `pulumi-aws` does; what is not set there comes from the
environment and the shared files, as with every AWS client.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Any, Final

MEDIA_PIPELINES: Final = "chime-sdk-media-pipelines"
VOICE: Final = "chime-sdk-voice"
KINESIS_VIDEO: Final = "kinesisvideo"

ENDPOINT_KEYS: Final = {
    MEDIA_PIPELINES: "chimesdkmediapipelines",
    VOICE: "chimesdkvoice",
    KINESIS_VIDEO: "kinesisvideo",
    "sts": "sts",
}
"""botocore's service name → its key in `aws:endpoints` [terraform-provider-aws, names/data]."""

CONNECT_TIMEOUT_SECONDS: Final = 5
READ_TIMEOUT_SECONDS: Final = 15
"""These are small control-plane calls: one that takes longer is lost, and is asked again with the same token."""

MAX_CONNECTIONS: Final = 64
"""As many as the provider has threads (`worker_threads.py`); the program has fewer."""


@dataclass(frozen=True, slots=True)
class AwsSettings:
    """How to reach AWS. Empty means: as the environment says.

    Attributes:
        assume_role: Parameters of STS AssumeRole as (name, value) pairs, in botocore's names; `()` for none.
        endpoints: (service, URL) pairs, services by botocore's names.
    """

    region: str | None = None
    profile: str | None = None
    access_key: str | None = None
    secret_key: str | None = field(default=None, repr=False)
    session_token: str | None = field(default=None, repr=False)
    assume_role: tuple[tuple[str, str | int], ...] = ()
    endpoints: tuple[tuple[str, str], ...] = ()

    def in_region(self, region: str | None) -> AwsSettings:
        """The same, in another region; unchanged where `region` is None."""
        return replace(self, region=region) if region else self


class InvalidSettingsError(ValueError):
    """A key of `aws:` stack config does not hold what it has to. The text names the key, and no value."""


def settings_from_config(get: Callable[[str], str | None]) -> AwsSettings:
    """Reads `aws:` stack config. `get` takes a key without namespace and gives its text, JSON for objects.

    Raises:
        InvalidSettingsError: A key that holds an object does not hold JSON of its shape.
    """
    if bool(get("accessKey")) != bool(get("secretKey")):
        raise InvalidSettingsError("aws:accessKey and aws:secretKey are given together, or neither")
    return AwsSettings(
        region=get("region"),
        profile=get("profile"),
        access_key=get("accessKey"),
        secret_key=get("secretKey"),
        session_token=get("token"),
        assume_role=_assume_role(get),
        endpoints=_endpoints(get),
    )


_ASSUME_ROLE_PARAMETERS: Final = {
    "roleArn": "RoleArn",
    "sessionName": "RoleSessionName",
    "externalId": "ExternalId",
    "policy": "Policy",
    "sourceIdentity": "SourceIdentity",
}


def _assume_role(get: Callable[[str], str | None]) -> tuple[tuple[str, str | int], ...]:
    # v7 of the provider has the list `assumeRoles`; `assumeRole` is its older, single form.
    roles = _json(get, "assumeRoles") or [_json(get, "assumeRole")]
    roles = [role for role in roles if role]
    if not roles:
        return ()
    if len(roles) > 1:
        raise InvalidSettingsError(
            "aws:assumeRoles: chains of roles are not supported by speaker search; give one role"
        )
    return tuple(
        (name, str(roles[0][key])) for key, name in _ASSUME_ROLE_PARAMETERS.items() if roles[0].get(key)
    )


def _endpoints(get: Callable[[str], str | None]) -> tuple[tuple[str, str], ...]:
    given = _json(get, "endpoints") or []
    merged: dict[str, str] = {}
    for entry in given:
        merged.update(entry)
    return tuple((service, merged[key]) for service, key in ENDPOINT_KEYS.items() if merged.get(key))


def _json(get: Callable[[str], str | None], key: str) -> Any:
    text = get(key)
    if not text:
        return None
    if not isinstance(text, str):
        return text
    try:
        return json.loads(text)
    except json.JSONDecodeError as problem:
        raise InvalidSettingsError(f"aws:{key} is not valid JSON (position {problem.pos})") from None


_clients: dict[tuple[AwsSettings, str], Any] = {}
_sessions: dict[AwsSettings, Any] = {}
_lock = Lock()


def client(settings: AwsSettings, service: str) -> Any:
    """The botocore client for `service`, made once per settings; clients are safe to share between threads.

    botocore does no retries here: `aws_call` does them, because botocore never retries
    ThrottledClientException (429) and does not know which calls a lost answer leaves in doubt.
    """
    made = _clients.get((settings, service))
    if made is not None:
        return made
    with _lock:  # making sessions and clients is not thread-safe in botocore
        if (settings, service) not in _clients:
            _clients[settings, service] = _make(settings, service)
        return _clients[settings, service]


def _make(settings: AwsSettings, service: str) -> Any:
    from botocore.config import Config

    return _session(settings).create_client(
        service,
        region_name=settings.region,
        endpoint_url=dict(settings.endpoints).get(service),
        config=Config(
            connect_timeout=CONNECT_TIMEOUT_SECONDS,
            read_timeout=READ_TIMEOUT_SECONDS,
            retries={"total_max_attempts": 1, "mode": "standard"},
            max_pool_connections=MAX_CONNECTIONS,
            user_agent_extra="pulumi-speaker-search",
        ),
    )


def _session(settings: AwsSettings) -> Any:
    """A session of botocore: boto3's, which adds nothing that is used here, would take longer to import."""
    if settings not in _sessions:
        from botocore.session import Session

        session = Session(profile=settings.profile)
        if settings.region:
            session.set_config_variable("region", settings.region)
        if settings.access_key:
            session.set_credentials(settings.access_key, settings.secret_key, settings.session_token)
        _sessions[settings] = _with_role(session, settings) if settings.assume_role else session
    return _sessions[settings]


def _with_role(session: Any, settings: AwsSettings) -> Any:
    """A session whose credentials are the role's, and renew themselves."""
    from botocore.credentials import AssumeRoleCredentialFetcher, DeferredRefreshableCredentials
    from botocore.session import Session

    parameters = dict(settings.assume_role)
    role_arn = str(parameters.pop("RoleArn"))
    sts_url = dict(settings.endpoints).get("sts")

    def sts(service: str, **options: Any) -> Any:
        return session.create_client(service, endpoint_url=sts_url, **options)

    fetcher = AssumeRoleCredentialFetcher(
        client_creator=sts,
        source_credentials=session.get_credentials(),
        role_arn=role_arn,
        extra_args=parameters,
    )
    inner = Session(profile=settings.profile)
    if settings.region:
        inner.set_config_variable("region", settings.region)
    inner._credentials = DeferredRefreshableCredentials(
        method="assume-role", refresh_using=fetcher.fetch_credentials
    )
    return inner
