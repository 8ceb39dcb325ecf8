"""One resource for each rule that breaks it, and can be made in the sandbox all the same; named after the
rule."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from tests.policies.analyzer import Declared
from tests.policies.voice_stack import (
    ACCOUNT,
    CONSENT,
    DOMAIN_ARN,
    SQS_SINK,
    STREAM_ARN,
    VOICE_ANALYTICS,
    configuration,
    consent,
    domain,
    pipeline,
    role,
    role_policy,
    statement,
    stream,
    task,
    tone_task,
)

_FOREIGN_DOMAIN: Final = f"{DOMAIN_ARN}-elsewhere"
_SINK: Final = f"arn:aws:sqs:us-east-1:{ACCOUNT}:elsewhere"
_ROLE: Final = f"arn:aws:iam::{ACCOUNT}:role/chime"


def _at_the_root(one: Declared) -> Declared:
    return replace(one, parents=())


def _stream(key_arn: str, name: str, tags: object = None, **changed: object) -> Declared:
    made = stream(name, dict(CONSENT) if tags is None else tags, **changed)
    inputs = {key: value for key, value in made.inputs.items() if key not in ("tagsAll", "name")}
    return replace(made, inputs={**inputs, "kmsKeyId": changed.get("kmsKeyId", key_arn)})


def _domain(key_arn: str, name: str) -> Declared:
    key = {"kmsKeyArn": key_arn}
    return _without(
        domain(name, dict(CONSENT), protect=False, serverSideEncryptionConfiguration=key), "tagsAll"
    )


def _without(one: Declared, *names: str) -> Declared:
    return replace(one, inputs={key: value for key, value in one.inputs.items() if key not in names})


def _configuration(name: str, elements: list[object]) -> Declared:
    made = _without(
        configuration(name, dict(CONSENT), resourceAccessRoleArn=_ROLE, elements=elements), "tagsAll"
    )
    return replace(made, inputs={**made.inputs, "name": name})


def _channel_one(name: str) -> Declared:
    source = {"stream_arn": STREAM_ARN, "channel_id": 1}
    return task(name, kinesis_video_stream_source_task_configuration=source)


def broken(key_arn: str) -> tuple[Declared, ...]:
    """One resource a rule, for both phases and both packs.

    `key_arn`: a key that is there, outside the stack.
    """
    return (
        _stream(key_arn, "consent-tags-required", tags={}),
        _at_the_root(task("consent-tags-well-formed", consent(purpose="Fraud"))),
        _at_the_root(task("consent-in-force", consent(status="withdrawn"))),
        _at_the_root(task("consent-no-personal-data", {**CONSENT, "note": "a.person@example.com"})),
        _at_the_root(pipeline("consent-not-bypassed", ledger=False)),
        Declared("pulumi-python:dynamic/x:Disguise", "consent-not-scripted", {"where": "x"}),
        _at_the_root(_channel_one("other")),
        _at_the_root(_channel_one("consent-not-doubled")),
        _at_the_root(task("consent-covers-search", voice_profile_domain_arn=_FOREIGN_DOMAIN)),
        _at_the_root(tone_task("consent-covers-voice-tone")),
        _at_the_root(task("consent-retention", consent(jurisdiction="US-TX", retention_days="366"))),
        _stream(key_arn, "safeguards-customer-managed-key", kmsKeyId="alias/aws/kinesisvideo"),
        _stream(key_arn, "safeguards-key-rotates"),
        _configuration(
            "safeguards-sinks-encrypted",
            [VOICE_ANALYTICS, {**SQS_SINK, "sqsQueueSinkConfiguration": {"insightsTarget": _SINK}}],
        ),
        _domain(key_arn, "safeguards-domain-protected"),
        role(
            "safeguards-role-trust",
            {
                "Version": "2012-10-17",
                "Statement": [
                    {
                        "Effect": "Allow",
                        "Principal": {"Service": "mediapipelines.chime.amazonaws.com"},
                        "Action": "sts:AssumeRole",
                    }
                ],
            },
        ),
        role_policy("safeguards-least-privilege", statement(Action="kinesisvideo:*"), role="chime"),
        _at_the_root(task("safeguards-regions", region="eu-west-1")),
        _stream(key_arn, "safeguards-stream-retention", dataRetentionInHours=0),
        replace(
            _stream(key_arn, "safeguards-service-tag"),
            inputs={**_stream(key_arn, "x").inputs, "tags": dict(CONSENT)},
        ),
        _configuration("safeguards-voice-analytics", [SQS_SINK]),
        _at_the_root(task("safeguards-no-credentials", note=f"AKIA{'Z' * 16}")),
        _at_the_root(task("safeguards-timeouts", timeout_seconds={"create": 1})),
    )


UNKNOWABLE: Final = _at_the_root(task("consent-known", {**CONSENT, "consent:notice": "{unknown}"}))
"""Breaks `consent-known`, in a preview."""
