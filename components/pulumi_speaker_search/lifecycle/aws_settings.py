"""Where AWS is and who we are there: the `aws:` stack config as one frozen value.

The settings are those of the `aws` provider, so that the dynamic resources and the program talk to the same account as
`pulumi-aws` does; what is not set there comes from the environment and the shared files, as with every AWS client.
Each key of that provider (7.51) is honoured, has no meaning for the calls that are made here, or is refused by name,
so that no setting is ignored silently.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final
from urllib.parse import urlsplit

from .aws_config import AwsConfig, InvalidSettingsError

MEDIA_PIPELINES: Final = "chime-sdk-media-pipelines"
VOICE: Final = "chime-sdk-voice"
KINESIS_VIDEO: Final = "kinesisvideo"
QUEUES: Final = "sqs"

ENDPOINT_KEYS: Final = {
    MEDIA_PIPELINES: "chimesdkmediapipelines",
    VOICE: "chimesdkvoice",
    KINESIS_VIDEO: "kinesisvideo",
    QUEUES: "sqs",
    "sts": "sts",
    "iam": "iam",
    "service-quotas": "servicequotas",
}
"""botocore's service name → its key in `aws:endpoints` [terraform-provider-aws, names/data]."""

REFUSED_KEYS: Final = {
    "assumeRoleWithWebIdentity": "take the role through a profile, or through AWS_WEB_IDENTITY_TOKEN_FILE and "
    "AWS_ROLE_ARN in the environment",
    "noProxy": "set NO_PROXY and HTTPS_PROXY in the environment instead",
}
"""Key → what to do instead. They would change whose account is used, or the way to it."""

WITHOUT_MEANING_KEYS: Final = frozenset(
    {
        "ignoreTags",  # of tags, only the declared ones are compared
        "maxRetries",  # how often a call is retried depends on `timeout_seconds`
        "retryMode",
        "s3UsEast1RegionalEndpoint",
        "s3UsePathStyle",
        "skipCredentialsValidation",
        "skipRegionValidation",
        "skipRequestingAccountId",
        "tagPolicyCompliance",
        "tokenBucketRateLimiterCapacity",
        "userAgents",
    }
)
"""Keys that say nothing about the calls that are made here."""

RoleValue = str | int | tuple[str, ...] | tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class AwsSettings:
    """How to reach AWS. Empty means: as the environment says.

    Attributes:
        assume_role: Parameters of STS AssumeRole as (name, value) pairs, in botocore's names; `()` for none.
        endpoints: (service, URL) pairs, services by botocore's names.
        default_tags: (key, value) pairs that are added to every resource with tags.
        account_id: The account of all resources that are read, if it is known.
        allowed_account_ids, forbidden_account_ids: Compared with the caller's account before the first call.
        proxies: (scheme, URL) pairs.
    """

    region: str | None = None
    profile: str | None = None
    access_key: str | None = None
    secret_key: str | None = field(default=None, repr=False)
    session_token: str | None = field(default=None, repr=False)
    assume_role: tuple[tuple[str, RoleValue], ...] = ()
    endpoints: tuple[tuple[str, str], ...] = ()
    default_tags: tuple[tuple[str, str], ...] = ()
    account_id: str | None = None
    allowed_account_ids: tuple[str, ...] = ()
    forbidden_account_ids: tuple[str, ...] = ()
    shared_config_file: str | None = None
    shared_credentials_file: str | None = None
    sts_region: str | None = None
    use_fips_endpoint: bool = False
    use_dualstack_endpoint: bool = False
    custom_ca_bundle: str | None = None
    insecure: bool = False
    proxies: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    ec2_metadata_service_endpoint: str | None = None
    ec2_metadata_service_endpoint_mode: str | None = None
    skip_metadata_api_check: bool = False

    def in_region(self, region: str | None) -> AwsSettings:
        """Return the same settings in another region; unchanged if `region` is None."""
        return replace(self, region=region) if region else self

    def role_parameters(self) -> dict[str, Any]:
        """Return the parameters of AssumeRole as botocore takes them."""
        shapes: dict[str, Callable[[Any], Any]] = {
            "PolicyArns": lambda arns: [{"arn": arn} for arn in arns],
            "Tags": lambda pairs: [{"Key": key, "Value": value} for key, value in pairs],
            "TransitiveTagKeys": list,
        }
        return {name: shapes.get(name, lambda same: same)(value) for name, value in self.assume_role}


def settings_from_config(get: Callable[[str], str | None]) -> AwsSettings:
    """Read `aws:` stack config. `get` takes a key without namespace and gives its text, JSON for objects.

    Raises:
        InvalidSettingsError: A key is not of its shape, or can't be honoured.
    """
    config = AwsConfig(get)
    _refuse_unsupported(config)
    if bool(get("accessKey")) != bool(get("secretKey")):
        raise InvalidSettingsError("aws:accessKey and aws:secretKey are given together, or neither")
    return AwsSettings(
        region=get("region"),
        profile=get("profile"),
        access_key=get("accessKey"),
        secret_key=get("secretKey"),
        session_token=get("token"),
        assume_role=_assume_role(config),
        endpoints=_endpoints(config),
        default_tags=_default_tags(config),
        allowed_account_ids=config.texts("allowedAccountIds"),
        forbidden_account_ids=config.texts("forbiddenAccountIds"),
        shared_config_file=config.one_of_texts("sharedConfigFiles"),
        shared_credentials_file=config.one_of_texts("sharedCredentialsFiles"),
        sts_region=get("stsRegion"),
        use_fips_endpoint=config.flag("useFipsEndpoint"),
        use_dualstack_endpoint=config.flag("useDualstackEndpoint"),
        custom_ca_bundle=get("customCaBundle"),
        insecure=config.flag("insecure"),
        proxies=_proxies(get),
        ec2_metadata_service_endpoint=get("ec2MetadataServiceEndpoint"),
        ec2_metadata_service_endpoint_mode=get("ec2MetadataServiceEndpointMode"),
        skip_metadata_api_check=config.flag("skipMetadataApiCheck"),
    )


def _refuse_unsupported(config: AwsConfig) -> None:
    for key, instead in REFUSED_KEYS.items():
        if config.get(key):
            raise InvalidSettingsError(f"aws:{key} is not supported by speaker search: {instead}")


def unknown_keys(given: Iterable[str]) -> list[str]:
    """Return the keys among `given` that nobody reads here: misspelt ones, and those of a later provider."""
    read: set[str] = set()
    settings_from_config(read.add)  # which gives None for every key
    return sorted(set(given) - read - WITHOUT_MEANING_KEYS)


_ROLE_TEXTS: Final = {
    "roleArn": "RoleArn",
    "sessionName": "RoleSessionName",
    "externalId": "ExternalId",
    "policy": "Policy",
    "sourceIdentity": "SourceIdentity",
}
_ROLE_KEYS: Final = (*_ROLE_TEXTS, "duration", "policyArns", "tags", "transitiveTagKeys")


def _assume_role(config: AwsConfig) -> tuple[tuple[str, RoleValue], ...]:
    # v7 of the provider has the list `assumeRoles`; `assumeRole` is its older, single form.
    given = "assumeRoles" if config.json("assumeRoles") else "assumeRole"
    key = f"aws:{given}"
    roles = [role for role in config.objects(given) if role]
    if not roles:
        return ()
    if len(roles) > 1:
        raise InvalidSettingsError(
            f"{key}: chains of roles are not supported by speaker search; give one role"
        )
    (role,) = roles
    for name in role:
        if name not in _ROLE_KEYS:
            raise InvalidSettingsError(f"{key}.{name} is not supported by speaker search")
    if not role.get("roleArn"):
        raise InvalidSettingsError(f"{key}.roleArn is missing")
    values: dict[str, RoleValue] = {
        name: str(role[short]) for short, name in _ROLE_TEXTS.items() if role.get(short)
    }
    if role.get("duration"):
        values["DurationSeconds"] = _seconds(role["duration"], f"{key}.duration")
    values["PolicyArns"] = _texts(role.get("policyArns"), f"{key}.policyArns")
    values["Tags"] = _pairs(role.get("tags"), f"{key}.tags")
    values["TransitiveTagKeys"] = _texts(role.get("transitiveTagKeys"), f"{key}.transitiveTagKeys")
    return tuple((name, value) for name, value in values.items() if value != ())


_DURATION: Final = re.compile(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")
"""As Go writes it, which the provider takes: 1h30m."""


def _seconds(value: Any, key: str) -> int:
    match = _DURATION.fullmatch(value) if isinstance(value, str) else None
    if not match or not any(match.groups()):
        raise InvalidSettingsError(f"{key} has to be a duration like 1h or 30m")
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    return hours * 3600 + minutes * 60 + seconds


def _texts(value: Any, key: str) -> tuple[str, ...]:
    if not isinstance(value or [], list) or not all(isinstance(one, str) for one in value or []):
        raise InvalidSettingsError(f"{key} has to be a list of texts")
    return tuple(value or ())


def _pairs(value: Any, key: str) -> tuple[tuple[str, str], ...]:
    if not isinstance(value or {}, Mapping) or not all(
        isinstance(one, str) for one in (value or {}).values()
    ):
        raise InvalidSettingsError(f"{key} has to be an object of texts, in quotes")
    return tuple(sorted((value or {}).items()))


def _default_tags(config: AwsConfig) -> tuple[tuple[str, str], ...]:
    return _pairs(config.object("defaultTags").get("tags"), "aws:defaultTags.tags")


def _endpoints(config: AwsConfig) -> tuple[tuple[str, str], ...]:
    merged: dict[str, Any] = {}
    for entry in config.objects("endpoints"):
        merged.update(entry)
    found = {service: merged[key] for service, key in ENDPOINT_KEYS.items() if merged.get(key)}
    for service, url in found.items():
        if not isinstance(url, str) or not _is_url(url):
            raise InvalidSettingsError(
                f"aws:endpoints {ENDPOINT_KEYS[service]} is no URL that begins with http:// or https://"
            )
    return tuple(found.items())


def _is_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 0) >= 0
    except ValueError:  # a port that is none
        return False


def _proxies(get: Callable[[str], str | None]) -> tuple[tuple[str, str], ...]:
    plain, secure = get("httpProxy"), get("httpsProxy")
    found = {"http": plain, "https": secure or plain}
    return tuple((scheme, url) for scheme, url in found.items() if url)
