"""What the rules on voice resources pass and refuse, and attempts to bypass them."""

from __future__ import annotations

from typing import Any, Final

from tests.policies.analyzer import UNKNOWN, Declared
from tests.policies.case import Case, Table
from tests.policies.voice_stack import (
    ACCOUNT,
    CONFIGURATION,
    DOMAIN,
    PIPELINE,
    SQS_SINK,
    STREAM,
    VOICE_ANALYTICS,
    configuration,
    domain,
    key,
    pipeline,
    role_policy,
    statement,
    stream,
    task,
    whole,
)

_OTHER_KEY: Final = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/99999999-2222-3333-4444-555555555555"


def _previewed_with(one: Declared, name: str, property_name: str, value: Any) -> Declared:
    inputs = {**one.inputs, property_name: value}
    return Declared(
        one.type,
        one.name,
        inputs,
        {**inputs, "arn": UNKNOWN},
        protect=one.protect,
        sources={property_name: (name,)},
    )


def _unnamed(one: Declared) -> Declared:
    return Declared(one.type, one.name, one.inputs, {**one.inputs, "arn": UNKNOWN, "keyId": UNKNOWN})


def _protection() -> list[Case]:
    table = Table("safeguards-domain-protected")
    table.passes("a whole stack", *whole())
    table.passes("another type", stream())
    table.passes("the sandbox's stack", _in_stack("sandbox"))
    table.passes("a stack that a setting names", _in_stack("test-7"), unprotectedStacks=["test-7"])
    table.refuses("a domain that is not protected", domain(protect=False), hints=["not protected"])
    table.refuses("a stack whose name begins alike", _in_stack("sandbox2"))
    table.refuses("the sandbox's stack, setting emptied", _in_stack("sandbox"), unprotectedStacks=[])
    return table.cases


def _in_stack(stack: str) -> Declared:
    return Declared(DOMAIN, "domain", domain().inputs, stack=stack)


def _regions() -> list[Case]:
    table = Table("safeguards-regions")
    elsewhere = f"arn:aws:kinesisvideo:eu-west-1:{ACCOUNT}:stream/x/1"
    source = {"stream_arn": elsewhere, "channel_id": 0}
    table.passes("a whole stack", *whole())
    table.passes("the provider's region", Declared(STREAM, "s", {}, provider={"region": "us-west-2"}))
    table.passes("a region that a setting allows", stream(region="eu-central-1"), regions=["eu-central-1"])
    table.passes("another type", Declared("aws:s3/bucket:Bucket", "b", {"region": "eu-west-1"}))
    table.passes("ARNs of other services", task(note="arn:aws:sns:eu-west-1:123456789012:x"))
    table.passes("an unknown region", stream(region=UNKNOWN))
    table.passes("a task that listens to nothing", task(region="eu-west-1", listen=False))
    table.refuses("a stream with listen=False", stream(region="eu-west-1", listen=False))
    table.refuses("a region of its own", stream(region="eu-west-1"), hints=["eu-west-1"])
    table.refuses(
        "the provider's region, not allowed", Declared(STREAM, "s", {}, provider={"region": "eu-west-1"})
    )
    table.refuses("a stream's ARN", task(kinesis_video_stream_source_task_configuration=source))
    table.refuses("a domain's ARN", task(voice_profile_domain_arn=f"arn:aws-cn:chime:cn-north-1:{ACCOUNT}:x"))
    table.refuses("two allowed regions in one task", task(region="us-west-2"), hints=["one region"])
    table.refuses("an allowed region less", domain(region="us-west-2"), regions=["us-east-1"])
    return table.cases


def _stream_retention() -> list[Case]:
    table = Table("safeguards-stream-retention")
    table.passes("a whole stack", *whole())
    table.passes("the fewest hours", stream(dataRetentionInHours=1))
    table.passes("the most hours", stream(dataRetentionInHours=168))
    table.passes("no retention where a setting allows it", Declared(STREAM, "s", {}), minimumHours=0)
    table.passes("hours that can't be known yet", stream(dataRetentionInHours=UNKNOWN))
    table.passes("another type", domain(dataRetentionInHours=0))
    table.refuses("no retention", Declared(STREAM, "s", {}), hints=["not between 1 and 168"])
    table.refuses("none, written out", stream(dataRetentionInHours=0))
    table.refuses("an hour too many", stream(dataRetentionInHours=169))
    table.refuses("an hour more than a setting allows", stream(dataRetentionInHours=25), maximumHours=24)
    table.refuses("an hour fewer than a setting wants", stream(dataRetentionInHours=23), minimumHours=24)
    table.refuses("text", stream(dataRetentionInHours="24"))
    return table.cases


def _service_tag() -> list[Case]:
    table = Table("safeguards-service-tag")
    untagged: dict[str, Any] = {"tags": {}, "tagsAll": {}}
    by_name = role_policy(
        "p", statement(Resource=f"arn:aws:kinesisvideo:*:{ACCOUNT}:stream/x/*", Condition=None)
    )
    new_stream = _previewed_with(stream(), "key", "kmsKeyId", UNKNOWN)
    table.passes("a whole stack", *whole())
    table.passes("a role that names its streams", by_name, stream(**untagged))
    chime = statement(Resource=f"arn:aws:kinesisvideo:*:{ACCOUNT}:stream/Chime*", Condition=None)
    named = stream(**untagged, name="ChimeCalls")
    table.passes(
        "a stream named Chime under both of AWS's statements", role_policy("p", statement(), chime), named
    )
    table.refuses("a stream named Chime under the statement with the tag alone", role_policy(), named)
    table.refuses("a stream named Chime, and no role to be seen", named)
    for what, changed in {
        "that denies": {"Effect": "Deny"},
        "with a condition": {"Condition": statement()["Condition"]},
        "that can't get media": {"Action": ["kinesisvideo:GetDataEndpoint"]},
        "for one stream": {"Resource": f"arn:aws:kinesisvideo:*:{ACCOUNT}:stream/ChimeOther/*"},
    }.items():
        other = role_policy("p", statement(), {**chime, **changed})
        table.refuses(f"a stream named Chime under a statement {what}", other, named)
    table.passes("a default tag", role_policy(), stream(tags={}))
    table.passes("a key that no stream uses", role_policy(), key(tags={}), stream(kmsKeyId=_OTHER_KEY))
    table.refuses(
        "a stream without tag", role_policy(), stream(**untagged), hints=["AWSServiceName=ChimeSDK"]
    )
    table.refuses(
        "a tag with another value",
        role_policy(),
        stream(tags={"AWSServiceName": "chimesdk"}, tagsAll={"AWSServiceName": "chimesdk"}),
    )
    table.refuses(
        "a stream whose name has Chime inside", role_policy(), stream(**untagged, name="callsChime")
    )
    table.refuses("its key without tag", role_policy(), stream(), key(tags={}), hints=["the key of stream"])
    table.refuses("its new key without tag", role_policy(), new_stream, _unnamed(key(tags={})))
    table.refuses("a role that is elsewhere", stream(**untagged))
    table.refuses("a role's document that can't be known", role_policy(policy=UNKNOWN), stream(**untagged))
    table.refuses("a role by tag among others", by_name, role_policy("q"), stream(**untagged))
    return table.cases


def _voice_analytics() -> list[Case]:
    table = Table("safeguards-voice-analytics")
    disabled = {
        **VOICE_ANALYTICS,
        "voiceAnalyticsProcessorConfiguration": {"speakerSearchStatus": "Disabled"},
    }
    misplaced = {**VOICE_ANALYTICS, "type": "AmazonTranscribeProcessor"}
    table.passes("a whole stack", *whole())
    table.passes("voice analytics in the second place", configuration(elements=[SQS_SINK, VOICE_ANALYTICS]))
    table.passes("elements that can't be known yet", configuration(elements=UNKNOWN))
    table.passes("an element that can't be known yet", configuration(elements=[UNKNOWN, SQS_SINK]))
    table.passes("another type", domain(elements=[]))
    table.refuses("a sink alone", configuration(elements=[SQS_SINK]), hints=["no VoiceAnalyticsProcessor"])
    table.refuses("no elements", configuration(elements=[]))
    table.refuses("elements missing", Declared(CONFIGURATION, "c", {}))
    table.refuses("speaker search disabled", configuration(elements=[disabled, SQS_SINK]))
    table.refuses("the settings under another processor", configuration(elements=[misplaced]))
    return table.cases


def _timeouts() -> list[Case]:
    table = Table("safeguards-timeouts")
    table.passes("a whole stack", *whole())
    table.passes("the bounds", task(timeout_seconds={"create": 5, "delete": 3600}))
    table.passes("time-outs that can't be known yet", task(timeout_seconds=UNKNOWN), explicit=True)
    table.passes("another type", stream(timeout_seconds={"create": 0}))
    table.passes("a task that listens to nothing", task(timeout_seconds={"create": 0}, listen=False))
    table.passes("explicit ones", task(timeout_seconds={"create": 60}), explicit=True)
    table.refuses(
        "one second too few", task(timeout_seconds={"create": 60, "delete": 4}), hints=["for delete"]
    )
    table.refuses("one second too many", pipeline(timeout_seconds={"create": 3601}), hints=["for create"])
    table.refuses("for ever", task(timeout_seconds={"create": -1}))
    table.refuses("text", task(timeout_seconds={"create": "60"}))
    table.refuses("an unknown one", task(timeout_seconds={"create": UNKNOWN}))
    table.refuses("none, where they have to be explicit", task(), explicit=True, hints=["no timeout_seconds"])
    table.refuses(
        "empty, where they have to be explicit",
        Declared(PIPELINE, "p", {"timeout_seconds": {}}),
        explicit=True,
    )
    return table.cases


VOICE_CASES: Final = [
    *_protection(),
    *_regions(),
    *_stream_retention(),
    *_service_tag(),
    *_voice_analytics(),
    *_timeouts(),
]
