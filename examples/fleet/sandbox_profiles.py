"""Profiles for two accounts of the local AWS: `python -m examples.fleet.sandbox_profiles FILE`.

Credentials of a role decide the account, on AWS as on the sandbox. Only for the sandbox: on AWS your profiles exist.
"""

from __future__ import annotations

import os
import sys
from configparser import ConfigParser
from pathlib import Path
from typing import Final

import boto3

ACCOUNTS: Final = {"production": "111111111111", "staging": "222222222222"}


def write_profiles(file: Path, endpoint: str) -> None:
    """A credentials file with one profile an account."""
    sts = boto3.client(
        "sts",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="sandbox",
        aws_secret_access_key="throw-away",  # noqa: S106 # the sandbox takes any
    )
    profiles = ConfigParser()
    for profile, account in ACCOUNTS.items():
        given = sts.assume_role(RoleArn=f"arn:aws:iam::{account}:role/deploy", RoleSessionName="fleet")
        profiles[profile] = {
            "aws_access_key_id": given["Credentials"]["AccessKeyId"],
            "aws_secret_access_key": given["Credentials"]["SecretAccessKey"],
            "aws_session_token": given["Credentials"]["SessionToken"],
        }
    with file.open("w", encoding="utf-8") as out:
        profiles.write(out)


if __name__ == "__main__":
    write_profiles(Path(sys.argv[1]), os.environ["AWS_ENDPOINT_URL"])
