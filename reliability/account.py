"""The domain, configuration and streams that a run's searches use, and the consent that they declare."""

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
"""A made-up record of made-up voices."""


def withdrawn() -> dict[str, str]:
    return {**CONSENT, "consent:status": "withdrawn"}


def over() -> dict[str, str]:
    yesterday = datetime.now(UTC).date() - timedelta(days=1)
    return {**CONSENT, "consent:expires": yesterday.isoformat()}


def given_again() -> dict[str, str]:
    """A new consent, with a record of its own."""
    return {**CONSENT, "consent:record-ref": "synthetic-voices/0002"}


@dataclass(frozen=True, slots=True)
class Account:
    """What is there before the first command. `streams`: name of the search → ARN."""

    world: AwsAccount
    domain_arn: str
    configuration_arn: str
    streams: Mapping[str, str]


def set_up(endpoint: str, searches: int) -> Account:
    """Makes it all in an empty account, with consent tags wherever a search looks for them."""
    world = AwsAccount(endpoint)
    return Account(
        world=world,
        domain_arn=world.domain(Tags=_list(CONSENT)),
        configuration_arn=world.configuration(),
        streams={f"search-{number}": world.stream(Tags=dict(CONSENT)) for number in range(searches)},
    )


def credentials_of_another_account(endpoint: str) -> dict[str, str]:
    """Environment variables: a role's credentials decide the account, on AWS as on the sandbox."""
    sts = client("sts", endpoint)
    role = f"arn:aws:iam::{ANOTHER_ACCOUNT}:role/operator"
    given = sts.assume_role(RoleArn=role, RoleSessionName="chaos")["Credentials"]
    return {
        "AWS_ACCESS_KEY_ID": given["AccessKeyId"],
        "AWS_SECRET_ACCESS_KEY": given["SecretAccessKey"],
        "AWS_SESSION_TOKEN": given["SessionToken"],
    }


def tag_domain(there: Account, tags: Mapping[str, str]) -> None:
    """As somebody does who withdraws consent, or gives it again, in AWS itself."""
    there.world.voice.tag_resource(ResourceARN=there.domain_arn, Tags=_list(tags))


def tag_stream(there: Account, name: str, tags: Mapping[str, str]) -> None:
    """The same on the stream of one search."""
    there.world.streams.tag_stream(StreamARN=there.streams[name], Tags=dict(tags))


def _list(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]
