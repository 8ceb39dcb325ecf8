"""Name what redirects calls of AWS, so that nobody takes a local AWS for the real one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from pulumi_speaker_search.lifecycle.aws_client import AwsSettings, endpoints_of_profile
from pulumi_speaker_search.lifecycle.aws_settings import ENDPOINT_KEYS
from pulumi_speaker_search.lifecycle.loopback import place

from .check import Check, Verdict

ENDPOINT_VARIABLE: Final = "AWS_ENDPOINT_URL"
IGNORE_VARIABLE: Final = "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"
OTHER_VARIABLES: Final = (
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "AWS_ROLE_ARN",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONFIG_FILE",
    "AWS_SHARED_CREDENTIALS_FILE",
    "AWS_CA_BUNDLE",
    "AWS_USE_FIPS_ENDPOINT",
    "AWS_USE_DUALSTACK_ENDPOINT",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "NO_PROXY",
    "http_proxy",
    "https_proxy",
    "no_proxy",
    "SPEAKER_SEARCH_API_CALLS_PER_SECOND",
)
"""They change who calls AWS, or the way to it. Only their names are shown: a proxy's URL may hold a password."""


def override_check(settings: AwsSettings, environment: Mapping[str, str]) -> Check:
    """Name every setting that redirects calls of AWS, with scheme, host and port of its URL."""
    found = list(_overrides(settings, environment))
    if not found:
        return Check(
            name="endpoint overrides", verdict=Verdict.OK, found="None: calls go to AWS's own endpoints."
        )
    return Check(
        name="endpoint overrides",
        verdict=Verdict.WARNING,
        found=f"Calls may not go to AWS: {', '.join(found)}.",
        remedy="For the real AWS, unset them (`env | grep AWS_ENDPOINT_URL`, `pulumi config rm aws:endpoints`).",
    )


def _overrides(settings: AwsSettings, environment: Mapping[str, str]) -> Iterator[str]:
    ignored = environment.get(IGNORE_VARIABLE, "").lower() == "true"
    for name in sorted(environment):
        if (name == ENDPOINT_VARIABLE or name.startswith(f"{ENDPOINT_VARIABLE}_")) and environment[name]:
            suffix = f", which {IGNORE_VARIABLE} switches off" if ignored else ""
            yield f"{name}={place(environment[name])}{suffix}"
    for service, url in settings.endpoints:
        yield f"aws:endpoints {ENDPOINT_KEYS[service]}={place(url)}"
    if endpoints_of_profile(settings) and not ignored:
        yield "endpoint_url or services in the shared config file"


def environment_check(environment: Mapping[str, str]) -> Check:
    """Name the variables that change who calls AWS, or the way to it."""
    names = [name for name in OTHER_VARIABLES if environment.get(name)]
    found = f"Set: {', '.join(names)}." if names else "No variable changes who calls AWS, or the way to it."
    return Check(name="environment", verdict=Verdict.OK, found=found)
