"""Write profiles for two accounts of the local AWS: `python -m examples.fleet.sandbox_profiles FILE`.

The role that is assumed determines the account, as on AWS. For the sandbox only: on AWS you have profiles already.
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
    """Write a credentials file with one profile per account."""
    sts = boto3.client(
        "sts",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="sandbox",
        aws_secret_access_key="throw-away",  # noqa: S106 # the sandbox accepts any
    )
    profiles = ConfigParser()
    for profile, account in ACCOUNTS.items():
        assumed = sts.assume_role(RoleArn=f"arn:aws:iam::{account}:role/deploy", RoleSessionName="fleet")
        profiles[profile] = {
            "aws_access_key_id": assumed["Credentials"]["AccessKeyId"],
            "aws_secret_access_key": assumed["Credentials"]["SecretAccessKey"],
            "aws_session_token": assumed["Credentials"]["SessionToken"],
        }
    with file.open("w", encoding="utf-8") as out:
        profiles.write(out)


if __name__ == "__main__":
    write_profiles(Path(sys.argv[1]), os.environ["AWS_ENDPOINT_URL"])
