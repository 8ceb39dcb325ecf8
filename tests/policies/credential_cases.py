"""What safeguards-no-credentials passes and refuses, and attempts to bypass it."""

from __future__ import annotations

from typing import Final

from tests.policies.analyzer import UNKNOWN, Declared, secret
from tests.policies.case import Case, Table
from tests.policies.voice_stack import (
    pipeline,
    task,
    whole,
)


def _credentials() -> list[Case]:
    table = Table("safeguards-no-credentials")
    key_id, secret_key = "AKIA" + "Z" * 16, "wJalrXUtnFEMI/K7MDENG/bPxRfiCY" + "0123456789"
    table.passes("a whole stack", *whole())
    table.passes("a hash", task(note="0123456789abcdef0123456789abcdef01234567"))
    table.passes(
        "a type that a setting names",
        Declared("aws:iam/accessKey:AccessKey", "k", {"x": key_id}),
        mayHoldCredentials=["aws:iam/accessKey:AccessKey"],
    )
    table.passes("unknown text", task(secret_key=UNKNOWN))
    table.passes("a short secret key", task(secret_key="x" * 39))
    table.passes("a URL without password", task(url="https://user@example.com:443/path"))
    for kind, text in {
        "an AWS access key id": key_id,
        "an AWS secret access key": f"aws_secret_access_key = {secret_key}",
        "a private key": "-----BEGIN RSA PRIVATE KEY-----",
        "a GitHub token": "ghp_" + "a" * 36,
        "a Pulumi access token": "pul-" + "0" * 40,
        "a Slack token": "xoxb-0123456789",
        "a JSON web token": "eyJhbGciOiJIUzI1.eyJzdWIiOiIxMjM0.c2lnbmF0dXJl",
        "a password in a URL": "https://user:pass@example.com",
    }.items():
        table.refuses(kind, task(note=f"x {text} y"), hints=[kind])
    table.refuses(
        "a secret key by its property", pipeline(secretAccessKey=secret_key), hints=["form of a secret key"]
    )
    table.refuses("a secret key of just the length", pipeline(aws_secret_key="x" * 40))
    table.refuses("deep in a list", task(a=[{"b": [key_id]}]), hints=["a has"])
    table.refuses(
        "in any type",
        Declared("aws:lambda/function:Function", "f", {"environment": {"variables": {"KEY": key_id}}}),
    )
    table.refuses("in a provider", Declared("pulumi:providers:aws", "aws", {"accessKey": key_id}))
    table.refuses("as a secret", task(note=secret(key_id)))
    return table.cases


CREDENTIAL_CASES: Final = [*_credentials()]
