"""Create the domain, configuration and streams of a run, with consent tags."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Final

from tests.aws_account import AwsAccount, client

ANOTHER_ACCOUNT: Final = "222222222222"

CONSENT: Final[Mapping[str, str]] = MappingProxyType(
    {
        "consent:schema": "speaker-search:1.0",
        "consent:record-ref": "synthetic-voices/0001",
        "consent:notice": "synthetic-voices:v1",
        "consent:purpose": "demonstration",
        "consent:basis": "eu-gdpr:A9-2-a",
        "consent:jurisdiction": "US-WA",
        "consent:status": "given",
        "consent:expires": "2099-12-31",
        "consent:retention-days": "30",
    }
)
"""A synthetic record of synthetic voices."""


def withdrawn() -> dict[str, str]:
    """Return a withdrawn consent."""
    return {**CONSENT, "consent:status": "withdrawn"}


def over() -> dict[str, str]:
    """Return an expired consent."""
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    return {**CONSENT, "consent:expires": yesterday.isoformat()}


def given_again() -> dict[str, str]:
    """Return a new consent, with another record."""
    return {**CONSENT, "consent:record-ref": "synthetic-voices/0002"}


@dataclass(frozen=True, slots=True)
class Account:
    """The resources that exist before the first command. `streams`: name of the search → ARN."""

    world: AwsAccount
    domain_arn: str
    configuration_arn: str
    streams: Mapping[str, str]


def set_up(endpoint: str, searches: int) -> Account:
    """Create the resources in an empty account, with all consent tags that a search checks."""
    world = AwsAccount(endpoint)
    return Account(
        world=world,
        domain_arn=world.domain(Tags=_list(CONSENT)),
        configuration_arn=world.configuration(),
        streams={f"search-{number}": world.stream(Tags=dict(CONSENT)) for number in range(searches)},
    )


def credentials_of_another_account(endpoint: str) -> dict[str, str]:
    """Return environment variables with the credentials of a role in another account."""
    sts = client("sts", endpoint)
    role = f"arn:aws:iam::{ANOTHER_ACCOUNT}:role/operator"
    assumed = sts.assume_role(RoleArn=role, RoleSessionName="chaos")["Credentials"]
    return {
        "AWS_ACCESS_KEY_ID": assumed["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": assumed["SecretAccessKey"],
        "AWS_SESSION_TOKEN": assumed["SessionToken"],
    }


def tag_domain(aws_account: Account, tags: Mapping[str, str]) -> None:
    """Set the tags of the domain in AWS."""
    aws_account.world.voice.tag_resource(ResourceARN=aws_account.domain_arn, Tags=_list(tags))


def tag_stream(aws_account: Account, name: str, tags: Mapping[str, str]) -> None:
    """Set the tags of the stream of one search in AWS."""
    aws_account.world.streams.tag_stream(StreamARN=aws_account.streams[name], Tags=dict(tags))


def _list(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]
