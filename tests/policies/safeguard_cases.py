"""What each rule of the safeguards pack lets pass, what it refuses, and the ways round it that were tried."""

from __future__ import annotations

import json
from typing import Any, Final

from tests.policies.analyzer import UNKNOWN, Declared, secret
from tests.policies.case import Case, Table
from tests.policies.voice_stack import (
    ACCOUNT,
    CONFIGURATION,
    DOMAIN,
    KEY_ARN,
    PIPELINE,
    SINK_ARN,
    SQS_SINK,
    STREAM,
    TRUST,
    VOICE_ANALYTICS,
    configuration,
    domain,
    key,
    pipeline,
    queue,
    role,
    role_policy,
    statement,
    stream,
    task,
    whole,
)

_OTHER_KEY: Final = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/99999999-2222-3333-4444-555555555555"
_AWS_ALIAS: Final = f"arn:aws:kms:us-east-1:{ACCOUNT}:alias/aws/kinesisvideo"


def _own_keys() -> list[Case]:
    table = Table("safeguards-customer-managed-key")
    table.passes("a whole stack", *whole())
    table.passes("a stream with an alias of one's own", stream(kmsKeyId="alias/voice"))
    table.passes("a key that is made in the same update", domain(serverSideEncryptionConfiguration={"kmsKeyArn": UNKNOWN}))
    table.passes("a configuration that is made in the same update", domain(serverSideEncryptionConfiguration=UNKNOWN))
    table.passes("another type", Declared("aws:sqs/queue:Queue", "queue", {}))
    table.refuses("a stream without key", stream(kmsKeyId=None), hints=["no kmsKeyId"])
    table.refuses("a stream with an empty key", stream(kmsKeyId=""))
    table.refuses("a stream with AWS's key", stream(kmsKeyId="alias/aws/kinesisvideo"), hints=["AWS manages"])
    table.refuses("a stream with AWS's key by ARN", stream(kmsKeyId=_AWS_ALIAS), hints=["AWS manages"])
    table.refuses("a domain without encryption", domain(serverSideEncryptionConfiguration=None))
    table.refuses("a domain with AWS's key", domain(serverSideEncryptionConfiguration={"kmsKeyArn": _AWS_ALIAS}))
    table.refuses("a domain with an alias", domain(serverSideEncryptionConfiguration={"kmsKeyArn": "alias/voice"}), hints=["takes a key only"])
    table.refuses("a key that is a number", stream(kmsKeyId=1))
    return table.cases


def _previewed_with(one: Declared, name: str, property_name: str, value: Any) -> Declared:
    inputs = {**one.inputs, property_name: value}
    return Declared(one.type, one.name, inputs, {**inputs, "arn": UNKNOWN}, protect=one.protect, sources={property_name: (name,)})


def _rotation() -> list[Case]:
    table = Table("safeguards-key-rotates")
    new_stream = _previewed_with(stream(), "key", "kmsKeyId", UNKNOWN)
    asymmetric = key(customerMasterKeySpec="RSA_2048")
    table.passes("a whole stack", *whole())
    table.passes("a key that nobody uses", key(enableKeyRotation=False))
    table.passes("a key written out as symmetric", key(customerMasterKeySpec="SYMMETRIC_DEFAULT", keyUsage="ENCRYPT_DECRYPT", isEnabled=True), stream())
    table.passes("a trusted key", stream(), trustedKeys=[KEY_ARN])
    table.passes("a key by its id alone", key(), stream(kmsKeyId=KEY_ARN.rpartition("/")[2]))
    table.passes("no key is another rule's matter", stream(kmsKeyId=None))
    table.passes("AWS's key is another rule's matter", stream(kmsKeyId=_AWS_ALIAS))
    table.passes("a key that is made in the same update", key(), new_stream)
    table.passes("a key that can't be known yet", stream(kmsKeyId=UNKNOWN))
    table.passes("another weak key in the stack", key(), Declared("aws:kms/key:Key", "other", {"enableKeyRotation": False, "arn": _OTHER_KEY}), stream())
    table.refuses("a key that does not rotate", key(enableKeyRotation=False), stream(), hints=["does not rotate"])
    table.refuses("a key that says nothing of rotation", key(enableKeyRotation=None), stream())
    table.refuses("rotation of an unknown key", key(enableKeyRotation=UNKNOWN), stream())
    table.refuses("an asymmetric key", asymmetric, domain(), hints=["not symmetric"])
    table.refuses("a key for signing", key(keyUsage="SIGN_VERIFY"), domain(), hints=["not for encryption"])
    table.refuses("a disabled key", key(isEnabled=False), stream(), hints=["is disabled"])
    table.refuses("a key from elsewhere", key(), stream(kmsKeyId=_OTHER_KEY), hints=["not in trustedKeys"])
    table.refuses("a key from elsewhere beside a trusted", stream(kmsKeyId=_OTHER_KEY), trustedKeys=[KEY_ARN])
    table.refuses("an alias that nobody can see through", key(), stream(kmsKeyId="alias/voice"))
    table.refuses("a new key that does not rotate", _unnamed(key(enableKeyRotation=False)), new_stream)
    return table.cases


def _unnamed(one: Declared) -> Declared:
    return Declared(one.type, one.name, one.inputs, {**one.inputs, "arn": UNKNOWN, "keyId": UNKNOWN})


def _sink(kind: str, arn: str) -> dict[str, Any]:
    prefix = kind[0].lower() + kind[1:]
    return {"type": kind, f"{prefix}Configuration": {"insightsTarget": arn}}


def _sinks() -> list[Case]:
    table = Table("safeguards-sinks-encrypted")
    topic_arn, data_arn = f"arn:aws:sns:us-east-1:{ACCOUNT}:insights", f"arn:aws:kinesis:us-east-1:{ACCOUNT}:stream/i"
    function_arn = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:insights"
    to_topic = configuration(elements=[VOICE_ANALYTICS, _sink("SnsTopicSink", topic_arn)])
    to_data = configuration(elements=[VOICE_ANALYTICS, _sink("KinesisDataStreamSink", data_arn)])
    to_function = configuration(elements=[VOICE_ANALYTICS, _sink("LambdaFunctionSink", function_arn)])
    new = _previewed_with(configuration(), "sink", "elements", UNKNOWN)

    def data_stream(**properties: Any) -> Declared:
        return Declared("aws:kinesis/stream:Stream", "data", {"arn": data_arn, **properties})

    table.passes("a whole stack", *whole())
    table.passes("a queue that is no sink", queue(kmsMasterKeyId=None))
    table.passes("a topic with a key", Declared("aws:sns/topic:Topic", "topic", {"arn": topic_arn, "kmsMasterKeyId": KEY_ARN}), to_topic)
    table.passes("a data stream with a key", data_stream(encryptionType="KMS", kmsKeyId=KEY_ARN), to_data)
    table.passes("a function", Declared("aws:lambda/function:Function", "function", {"arn": function_arn}), to_function)
    table.passes("a key that is made in the same update", queue(kmsMasterKeyId=UNKNOWN), configuration())
    table.passes("a trusted sink", configuration(), trustedSinks=[SINK_ARN])
    table.passes("elements that can't be known yet", configuration(elements=UNKNOWN))
    table.passes("a new queue with a key", queue(), new)
    table.refuses("a queue without key", configuration(), queue(kmsMasterKeyId=None), hints=["no customer-managed key"])
    table.refuses("a queue with an empty key", configuration(), queue(kmsMasterKeyId=""))
    table.refuses("a queue with AWS's key", configuration(), queue(kmsMasterKeyId="alias/aws/sqs"))
    table.refuses("a queue with SQS's own encryption", configuration(), queue(kmsMasterKeyId=None, sqsManagedSseEnabled=True))
    table.refuses("a topic without key", to_topic, Declared("aws:sns/topic:Topic", "topic", {"arn": topic_arn}))
    table.refuses("a data stream without encryption", to_data, data_stream(kmsKeyId=KEY_ARN), hints=["is not encrypted"])
    table.refuses("a data stream with AWS's key", to_data, data_stream(encryptionType="KMS", kmsKeyId="alias/aws/kinesis"))
    table.refuses("a new queue without key", new, queue(kmsMasterKeyId=None))
    table.refuses("a sink from elsewhere", queue(), to_topic, hints=["not in this stack"])
    return table.cases


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


def _trust(**changed: Any) -> dict[str, Any]:
    one = {**TRUST["Statement"][0], **changed}  # type: ignore[dict-item]
    return {"Version": "2012-10-17", "Statement": [{k: v for k, v in one.items() if v is not None}]}


def _conditions(account: Any = ACCOUNT, arn: Any = f"arn:aws:chime:*:{ACCOUNT}:*", **operators: str) -> dict[str, Any]:
    return {
        operators.get("account_operator", "StringEquals"): {"aws:SourceAccount": account},
        operators.get("arn_operator", "ArnLike"): {"aws:SourceArn": arn},
    }


def _role_trust() -> list[Case]:
    table = Table("safeguards-role-trust")
    lambda_only = _trust(Principal={"Service": "lambda.amazonaws.com"}, Condition=None)
    table.passes("a whole stack", *whole())
    table.passes("a role of another service", role(trust=lambda_only))
    table.passes("one statement that is no list", role(trust={"Statement": _trust()["Statement"][0]}))
    table.passes("the document as an object", Declared("aws:iam/role:Role", "role", {"assumeRolePolicy": TRUST}))
    table.passes("keys in other case", role(trust=_trust(Condition={"stringequals": {"AWS:sourceaccount": [ACCOUNT]}, "ArnEquals": {"aws:sourcearn": f"arn:aws:chime:us-east-1:{ACCOUNT}:*"}})))
    table.passes("a document that can't be known yet", role(trust=UNKNOWN))
    table.passes("a denial of everybody", role(trust=_trust(Effect="Deny", Principal="*")))
    table.refuses("no conditions", role(trust=_trust(Condition=None)), hints=["SourceAccount", "SourceArn"])
    table.refuses("SourceArn alone", role(trust=_trust(Condition={"ArnLike": {"aws:SourceArn": f"arn:aws:chime:*:{ACCOUNT}:*"}})), hints=["aws:SourceAccount"])
    table.refuses("SourceAccount alone", role(trust=_trust(Condition={"StringEquals": {"aws:SourceAccount": ACCOUNT}})), hints=["aws:SourceArn"])
    table.refuses("any account", role(trust=_trust(Condition=_conditions(account="*"))))
    table.refuses("an account with a wildcard beside a good one", role(trust=_trust(Condition=_conditions(account=[ACCOUNT, "*"]))))
    table.refuses("any Chime resource", role(trust=_trust(Condition=_conditions(arn="*"))))
    table.refuses("Chime resources of any account", role(trust=_trust(Condition=_conditions(arn="arn:aws:chime:*:*:*"))))
    table.refuses("two accounts that differ", role(trust=_trust(Condition=_conditions(arn="arn:aws:chime:*:210987654321:*"))), hints=["not in aws:SourceAccount"])
    table.refuses("StringLike for the account", role(trust=_trust(Condition=_conditions(account_operator="StringLike"))))
    table.refuses("a condition that holds when absent", role(trust=_trust(Condition=_conditions(account_operator="StringEqualsIfExists"))))
    table.refuses("a denial turned round", role(trust=_trust(Condition=_conditions(arn_operator="ArnNotLike"))))
    table.refuses("anybody", role(trust=_trust(Principal="*")), hints=["by anybody"])
    table.refuses("anybody of AWS", role(trust=_trust(Principal={"AWS": "*"})))
    table.refuses("everybody but one", role(trust=_trust(Principal=None, NotPrincipal={"AWS": ACCOUNT})))
    table.refuses("Chime within a list", role(trust=_trust(Principal={"Service": ["lambda.amazonaws.com", "mediapipelines.chime.amazonaws.com"]}, Condition=None)))
    table.refuses("Chime's other principal", role(trust=_trust(Principal={"Service": "voiceconnector.chime.amazonaws.com"}, Condition=None)))
    table.refuses("a second statement without conditions", role(trust={"Statement": [*_trust()["Statement"], *_trust(Condition=None)["Statement"]]}))
    table.refuses("no JSON", role(trust="{"), hints=["no IAM document"])
    table.refuses("JSON without statements", role(trust="[]"))
    table.refuses("statements that are none", role(trust='{"Statement": ["x"]}'))
    return table.cases


def _permissions() -> list[Case]:
    table = Table("safeguards-least-privilege")
    by_tag = {"StringEquals": {"aws:ResourceTag/AWSServiceName": "ChimeSDK"}}
    keys = f"arn:aws:kms:*:{ACCOUNT}:key/*"
    attachment = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
    document = json.dumps({"Statement": [statement(Action="*")]})
    table.passes("a whole stack", *whole())
    table.passes("keys by tag", role_policy("p", statement(Action="kms:Decrypt", Resource=keys, Condition=by_tag)))
    table.passes("streams named Chime", role_policy("p", statement(Resource=f"arn:aws:kinesisvideo:*:{ACCOUNT}:stream/Chime*", Condition=None)))
    table.passes("one queue", role_policy("p", statement(Action="sqs:SendMessage", Resource=SINK_ARN, Condition=None)))
    table.passes("one stream, made whenever", role_policy("p", statement(Resource=f"arn:aws:kinesisvideo:us-east-1:{ACCOUNT}:stream/calls/*", Condition=None)))
    table.passes("actions that AWS takes with a wildcard only", role_policy("p", statement(Action=["kms:ListKeys", "kinesisvideo:ListStreams"], Resource="*", Condition=None)))
    table.passes("a denial", role_policy("p", statement(Effect="Deny", Action="*", Resource="*")))
    table.passes("a document that can't be known yet", role_policy("p", policy=UNKNOWN))
    table.passes("a role that a setting names", role_policy("batch-7", statement(Action="*")), otherRoles=["batch-*"])
    table.passes("a narrow policy of AWS", Declared(attachment, "a", {"policyArn": "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"}))
    table.passes("an attachment that can't be known yet", Declared(attachment, "a", {"policyArn": UNKNOWN}))
    table.passes("another type", Declared("aws:s3/bucketPolicy:BucketPolicy", "b", {"policy": document}))
    for action in ("*", "kinesisvideo:*", "kinesisvideo:Get*", "kms:Decryp?", ["kms:Decrypt", "kms:*"]):
        table.refuses(f"the action {action}", role_policy("p", statement(Action=action)), hints=["wildcard in its actions"])
    for resource in (
        "*",
        "arn:aws:kinesisvideo:*:*:stream/*",
        f"arn:aws:sqs:*:{ACCOUNT}:*",
        [SINK_ARN, "*"],
        f"arn:aws:kinesisvideo:us-east-1:{ACCOUNT}:*",
        "arn:aws:s3:::bucket/*",
        f"arn:aws:sqs:us-east-1:{ACCOUNT}:insight?",
    ):
        table.refuses(f"the resource {resource}", role_policy("p", statement(Resource=resource)), hints=["wildcard in its resources"])
    table.refuses("all streams without the tag", role_policy("p", statement(Condition=None)))
    table.refuses("all keys of a region without the tag", role_policy("p", statement(Action="kms:Decrypt", Resource=f"arn:aws:kms:us-east-1:{ACCOUNT}:key/*", Condition=None)))
    table.refuses("all streams by another tag", role_policy("p", statement(Condition={"StringEquals": {"aws:ResourceTag/Team": "ChimeSDK"}})))
    table.refuses("all streams by a tag that may be absent", role_policy("p", statement(Condition={"StringEqualsIfExists": {"aws:ResourceTag/AWSServiceName": "ChimeSDK"}})))
    table.refuses("all streams by a tag with other values too", role_policy("p", statement(Condition={"StringEquals": {"aws:ResourceTag/AWSServiceName": ["ChimeSDK", "x"]}})))
    table.refuses("listing and writing with a wildcard", role_policy("p", statement(Action=["kms:ListKeys", "kms:CreateGrant"], Resource="*")))
    table.refuses("everything but", role_policy("p", statement(Action=None, NotAction="iam:*")), hints=["everything but"])
    table.refuses("every resource but", role_policy("p", statement(Resource=None, NotResource="x")))
    table.refuses("no effect written, which is none of IAM's", role_policy("p", statement(Effect=None, Action="*")))
    table.refuses("a second statement", role_policy("p", statement(), statement(Action="*")), hints=["Statement 2"])
    table.refuses("an inline policy of the role", role(inlinePolicies=[{"name": "x", "policy": document}]), hints=["inlinePolicies"])
    table.refuses("AWS's administrator", role(managedPolicyArns=["arn:aws:iam::aws:policy/AdministratorAccess"]), hints=["full access"])
    table.refuses("an attachment of full access", Declared(attachment, "a", {"policyArn": "arn:aws:iam::aws:policy/AmazonKinesisVideoStreamsFullAccess"}))
    table.refuses("an attachment of power", Declared(attachment, "a", {"policyArn": "arn:aws-us-gov:iam::aws:policy/job-function/PowerUserAccess"}))
    table.refuses("a policy of its own", Declared("aws:iam/policy:Policy", "p", {"policy": document}))
    table.refuses("no JSON", role_policy("p", policy="{"), hints=["no IAM document"])
    table.refuses("a role beside the one that a setting names", role_policy("batch", statement(Action="*")), otherRoles=["batch-*"])
    return table.cases


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
    table.refuses("a region of its own", stream(region="eu-west-1"), hints=["eu-west-1"])
    table.refuses("the provider's region, not allowed", Declared(STREAM, "s", {}, provider={"region": "eu-west-1"}))
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
    untagged = {"tags": {}, "tagsAll": {}}
    by_name = role_policy("p", statement(Resource=f"arn:aws:kinesisvideo:*:{ACCOUNT}:stream/x/*", Condition=None))
    new_stream = _previewed_with(stream(), "key", "kmsKeyId", UNKNOWN)
    table.passes("a whole stack", *whole())
    table.passes("a role that names its streams", by_name, stream(**untagged))
    table.passes("a stream named Chime", role_policy(), stream(**untagged, name="ChimeCalls"))
    table.passes("a default tag", role_policy(), stream(tags={}))
    table.passes("a key that no stream uses", role_policy(), key(tags={}), stream(kmsKeyId=_OTHER_KEY))
    table.refuses("a stream without tag", role_policy(), stream(**untagged), hints=["AWSServiceName=ChimeSDK"])
    table.refuses("a tag with another value", role_policy(), stream(tags={"AWSServiceName": "chimesdk"}, tagsAll={"AWSServiceName": "chimesdk"}))
    table.refuses("a stream whose name has Chime inside", role_policy(), stream(**untagged, name="callsChime"))
    table.refuses("its key without tag", role_policy(), stream(), key(tags={}), hints=["the key of stream"])
    table.refuses("its new key without tag", role_policy(), new_stream, _unnamed(key(tags={})))
    table.refuses("a role that is elsewhere", stream(**untagged))
    table.refuses("a role's document that can't be known", role_policy(policy=UNKNOWN), stream(**untagged))
    table.refuses("a role by tag among others", by_name, role_policy("q"), stream(**untagged))
    return table.cases


def _voice_analytics() -> list[Case]:
    table = Table("safeguards-voice-analytics")
    disabled = {**VOICE_ANALYTICS, "voiceAnalyticsProcessorConfiguration": {"speakerSearchStatus": "Disabled"}}
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


def _credentials() -> list[Case]:
    table = Table("safeguards-no-credentials")
    key_id, secret_key = "AKIA" + "Z" * 16, "wJalrXUtnFEMI/K7MDENG/bPxRfiCY" + "0123456789"
    table.passes("a whole stack", *whole())
    table.passes("a hash", task(note="0123456789abcdef0123456789abcdef01234567"))
    table.passes("a type that a setting names", Declared("aws:iam/accessKey:AccessKey", "k", {"x": key_id}), mayHoldCredentials=["aws:iam/accessKey:AccessKey"])
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
    table.refuses("a secret key by its property", pipeline(secretAccessKey=secret_key), hints=["form of a secret key"])
    table.refuses("a secret key of just the length", pipeline(aws_secret_key="x" * 40))
    table.refuses("deep in a list", task(a=[{"b": [key_id]}]), hints=["a has"])
    table.refuses("in any type", Declared("aws:lambda/function:Function", "f", {"environment": {"variables": {"KEY": key_id}}}))
    table.refuses("in a provider", Declared("pulumi:providers:aws", "aws", {"accessKey": key_id}))
    table.refuses("as a secret", task(note=secret(key_id)))
    return table.cases


def _timeouts() -> list[Case]:
    table = Table("safeguards-timeouts")
    table.passes("a whole stack", *whole())
    table.passes("the bounds", task(timeout_seconds={"create": 5, "delete": 3600}))
    table.passes("time-outs that can't be known yet", task(timeout_seconds=UNKNOWN), explicit=True)
    table.passes("another type", stream(timeout_seconds={"create": 0}))
    table.passes("explicit ones", task(timeout_seconds={"create": 60}), explicit=True)
    table.refuses("one second too few", task(timeout_seconds={"create": 60, "delete": 4}), hints=["for delete"])
    table.refuses("one second too many", pipeline(timeout_seconds={"create": 3601}), hints=["for create"])
    table.refuses("for ever", task(timeout_seconds={"create": -1}))
    table.refuses("text", task(timeout_seconds={"create": "60"}))
    table.refuses("an unknown one", task(timeout_seconds={"create": UNKNOWN}))
    table.refuses("none, where they have to be explicit", task(), explicit=True, hints=["no timeout_seconds"])
    table.refuses("empty, where they have to be explicit", Declared(PIPELINE, "p", {"timeout_seconds": {}}), explicit=True)
    return table.cases


SAFEGUARD_CASES: Final = [
    *_own_keys(),
    *_rotation(),
    *_sinks(),
    *_protection(),
    *_role_trust(),
    *_permissions(),
    *_regions(),
    *_stream_retention(),
    *_service_tag(),
    *_voice_analytics(),
    *_credentials(),
    *_timeouts(),
]
