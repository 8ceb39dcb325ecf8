"""The `aws:` configuration of a stack or of an explicit provider, as far as the stand-in supports it.

No setting turns this rule off: every endpoint is on this machine. The stand-in never calls AWS.
"""

from __future__ import annotations

import contextlib
import ipaddress
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

#: boto3's service name -> (key in `aws:endpoints`, suffix of AWS_ENDPOINT_URL_…).
SERVICES: Mapping[str, tuple[str, str]] = {
    "kms": ("kms", "KMS"),
    "iam": ("iam", "IAM"),
    "sts": ("sts", "STS"),
    "sns": ("sns", "SNS"),
    "sqs": ("sqs", "SQS"),
    "kinesis": ("kinesis", "KINESIS"),
    "kinesisvideo": ("kinesisvideo", "KINESIS_VIDEO"),
    "chime-sdk-voice": ("chimesdkvoice", "CHIME_SDK_VOICE"),
    "chime-sdk-media-pipelines": ("chimesdkmediapipelines", "CHIME_SDK_MEDIA_PIPELINES"),
}

#: Keys that change what the stand-in does.
SERVED_KEYS = frozenset(
    {
        "accessKey",
        "allowedAccountIds",
        "defaultTags",
        "endpoints",
        "forbiddenAccountIds",
        "ignoreTags",
        "maxRetries",
        "profile",
        "region",
        "secretKey",
        "token",
    }
)
#: Keys without effect on a local endpoint, accepted so that one stack configuration serves for both.
WITHOUT_EFFECT_KEYS = frozenset(
    {
        "customCaBundle",
        "ec2MetadataServiceEndpoint",
        "ec2MetadataServiceEndpointMode",
        "httpProxy",
        "httpsProxy",
        "insecure",
        "noProxy",
        "retryMode",
        "s3UsEast1RegionalEndpoint",
        "s3UsePathStyle",
        "skipCredentialsValidation",
        "skipMetadataApiCheck",
        "skipRegionValidation",
        "skipRequestingAccountId",
        "stsRegion",
        "tagPolicyCompliance",
        "tokenBucketRateLimiterCapacity",
        "useDualstackEndpoint",
        "useFipsEndpoint",
        "userAgents",
    }
)
#: Keys that select another account; to ignore them would use the wrong one.
REFUSED_KEYS = frozenset(
    {"assumeRole", "assumeRoles", "assumeRoleWithWebIdentity", "sharedConfigFiles", "sharedCredentialsFiles"}
)
#: Keys whose value is a string that is not JSON.
_PLAIN_TEXT_KEYS = frozenset({"accessKey", "profile", "region", "secretKey", "token", "retryMode"})
#: Keys that the engine itself adds.
_ENGINE_KEYS = frozenset({"version", "pluginDownloadURL", "__internal", "__defaults"})

DEFAULT_MAXIMUM_ATTEMPTS = 25  # the official provider's default for `maxRetries`


class ConfigurationError(Exception):
    """The provider's configuration can't be used; the message names the key and what to do."""

    def __init__(self, key: str, message: str) -> None:
        super().__init__(message)
        self.key = key


@dataclass(frozen=True)
class IgnoredTags:
    """Tags that this provider neither shows nor removes: exact keys, and prefixes of keys."""

    keys: frozenset[str] = frozenset()
    key_prefixes: tuple[str, ...] = ()

    def hide(self, key: str) -> bool:
        """Return whether the tag is to be ignored."""
        return key in self.keys or key.startswith(self.key_prefixes or ("\0",))


@dataclass(frozen=True)
class Configuration:
    """The decoded configuration. `repr` omits credentials, so that no log shows them."""

    region: str
    endpoints: Mapping[str, str]  # boto3 service name -> URL on loopback
    default_tags: Mapping[str, str] = field(default_factory=dict)
    ignored_tags: IgnoredTags = IgnoredTags()
    allowed_account_ids: tuple[str, ...] = ()
    forbidden_account_ids: tuple[str, ...] = ()
    maximum_attempts: int = DEFAULT_MAXIMUM_ATTEMPTS
    profile: str | None = None
    access_key: str | None = field(default=None, repr=False)
    secret_key: str | None = field(default=None, repr=False)
    token: str | None = field(default=None, repr=False)


def decode(values: Mapping[str, Any]) -> dict[str, Any]:
    """Decode the JSON strings into which the SDKs convert every input that is not text."""
    decoded: dict[str, Any] = {}
    for key, value in values.items():
        if key in _ENGINE_KEYS or value in (None, ""):
            continue
        if isinstance(value, str) and key not in _PLAIN_TEXT_KEYS:
            # What is no JSON is a plain string, as in `ec2MetadataServiceEndpointMode: IPv4`.
            with contextlib.suppress(ValueError):
                value = json.loads(value)  # noqa: PLW2901
        decoded[key] = value
    return decoded


def configuration_from(values: Mapping[str, Any], environment: Mapping[str, str]) -> Configuration:
    """Build the configuration from the provider's inputs and the environment. Raises ConfigurationError."""
    decoded = decode(values)
    for key in sorted(decoded):
        if key in REFUSED_KEYS:
            raise ConfigurationError(
                key,
                f"the sandbox's stand-in aws provider does not serve aws:{key}; "
                "use the official aws plugin, or take the key out of the sandbox's stack",
            )
        if key not in SERVED_KEYS | WITHOUT_EFFECT_KEYS:
            raise ConfigurationError(key, f"aws:{key} is not a configuration key of the aws provider")
    default_tags = _object(decoded, "defaultTags")
    ignored = _object(decoded, "ignoreTags")
    return Configuration(
        region=_region(decoded, environment),
        endpoints=_endpoints(decoded, environment),
        default_tags={str(key): str(value) for key, value in (default_tags.get("tags") or {}).items()},
        ignored_tags=IgnoredTags(
            keys=frozenset(map(str, ignored.get("keys") or ())),
            key_prefixes=tuple(map(str, ignored.get("keyPrefixes") or ())),
        ),
        allowed_account_ids=tuple(map(str, decoded.get("allowedAccountIds") or ())),
        forbidden_account_ids=tuple(map(str, decoded.get("forbiddenAccountIds") or ())),
        maximum_attempts=int(decoded.get("maxRetries") or DEFAULT_MAXIMUM_ATTEMPTS),
        profile=decoded.get("profile"),
        access_key=decoded.get("accessKey"),
        secret_key=decoded.get("secretKey"),
        token=decoded.get("token"),
    )


def _object(decoded: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = decoded.get(key) or {}
    if not isinstance(value, Mapping):
        raise ConfigurationError(key, f"aws:{key} must be an object, not {type(value).__name__}")
    return value


def _region(decoded: Mapping[str, Any], environment: Mapping[str, str]) -> str:
    region = (
        decoded.get("region") or environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION") or ""
    )
    if not region:
        raise ConfigurationError(
            "region", "no region: set it with `pulumi config set aws:region us-east-1` or AWS_REGION"
        )
    return str(region)


def _endpoints(decoded: Mapping[str, Any], environment: Mapping[str, str]) -> dict[str, str]:
    """Return the URL of each boto3 service: at least one, all on loopback."""
    blocks = decoded.get("endpoints") or []
    if isinstance(blocks, Mapping):
        blocks = [blocks]
    configured: dict[str, str] = {}
    for item in blocks:
        for key, url in item.items():
            if url and key != "__defaults":
                require_loopback(str(url), f"aws:endpoints {key}")
                configured[key] = str(url)
    general = environment.get("AWS_ENDPOINT_URL")
    endpoints: dict[str, str] = {}
    for service, (key, suffix) in SERVICES.items():
        variable = f"AWS_ENDPOINT_URL_{suffix}"
        if url := configured.get(key):
            endpoints[service] = url
        elif url := environment.get(variable):
            require_loopback(url, variable)
            endpoints[service] = url
        elif general:
            require_loopback(general, "AWS_ENDPOINT_URL")
            endpoints[service] = general
    if not endpoints:
        raise ConfigurationError(
            "endpoints",
            "this is the sandbox's stand-in for the aws provider, and it has no local endpoint to talk to: "
            "start the local AWS and set AWS_ENDPOINT_URL "
            '(`python -m sandbox start; eval "$(python -m sandbox env)"`), '
            "or leave the sandbox's environment (PULUMI_HOME) to use the official aws plugin",
        )
    return endpoints


def require_loopback(url: str, source: str) -> None:
    """Raise ConfigurationError unless `url` (from `source`) is on this machine."""
    host = urlsplit(url).hostname or ""
    if not is_loopback(host):
        raise ConfigurationError(
            "endpoints",
            f"{source} is {url!r}, which is not on this machine: the sandbox's stand-in for the aws provider "
            "talks to loopback addresses only; for anything else use the official aws plugin "
            "(outside of the sandbox's environment: PULUMI_HOME)",
        )


def is_loopback(host: str) -> bool:
    """Return whether a host name can only be this machine. Names are not resolved."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
