"""What the rules on keys pass and refuse, and attempts to bypass them."""

from __future__ import annotations

from typing import Any, Final

from tests.policies.analyzer import UNKNOWN, Declared
from tests.policies.case import Case, Table
from tests.policies.voice_stack import (
    ACCOUNT,
    KEY_ARN,
    SINK_ARN,
    VOICE_ANALYTICS,
    configuration,
    domain,
    key,
    queue,
    stream,
    whole,
)

_OTHER_KEY: Final = f"arn:aws:kms:us-east-1:{ACCOUNT}:key/99999999-2222-3333-4444-555555555555"


_AWS_ALIAS: Final = f"arn:aws:kms:us-east-1:{ACCOUNT}:alias/aws/kinesisvideo"


def _own_keys() -> list[Case]:
    table = Table("safeguards-customer-managed-key")
    table.passes("a whole stack", *whole())
    table.passes("a stream with an alias of one's own", stream(kmsKeyId="alias/voice"))
    table.passes(
        "a key that is made in the same update",
        domain(serverSideEncryptionConfiguration={"kmsKeyArn": UNKNOWN}),
    )
    table.passes(
        "a configuration that is made in the same update", domain(serverSideEncryptionConfiguration=UNKNOWN)
    )
    table.passes("another type", Declared("aws:sqs/queue:Queue", "queue", {}))
    table.refuses("a stream without key", stream(kmsKeyId=None), hints=["no kmsKeyId"])
    table.refuses("a stream with an empty key", stream(kmsKeyId=""))
    table.refuses("a stream with AWS's key", stream(kmsKeyId="alias/aws/kinesisvideo"), hints=["AWS manages"])
    table.refuses("a stream with AWS's key by ARN", stream(kmsKeyId=_AWS_ALIAS), hints=["AWS manages"])
    table.refuses("a domain without encryption", domain(serverSideEncryptionConfiguration=None))
    table.refuses(
        "a domain with AWS's key", domain(serverSideEncryptionConfiguration={"kmsKeyArn": _AWS_ALIAS})
    )
    table.refuses(
        "a domain with an alias",
        domain(serverSideEncryptionConfiguration={"kmsKeyArn": "alias/voice"}),
        hints=["accepts the ARN of a key only"],
    )
    table.refuses("a key that is a number", stream(kmsKeyId=1))
    return table.cases


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


def _rotation() -> list[Case]:
    table = Table("safeguards-key-rotates")
    new_stream = _previewed_with(stream(), "key", "kmsKeyId", UNKNOWN)
    asymmetric = key(customerMasterKeySpec="RSA_2048")
    table.passes("a whole stack", *whole())
    table.passes("a key that nobody uses", key(enableKeyRotation=False))
    table.passes(
        "a key written out as symmetric",
        key(customerMasterKeySpec="SYMMETRIC_DEFAULT", keyUsage="ENCRYPT_DECRYPT", isEnabled=True),
        stream(),
    )
    table.passes("a trusted key", stream(), trustedKeys=[KEY_ARN])
    table.passes("a key by its id alone", key(), stream(kmsKeyId=KEY_ARN.rpartition("/")[2]))
    table.passes("no key is another rule's matter", stream(kmsKeyId=None))
    table.passes("AWS's key is another rule's matter", stream(kmsKeyId=_AWS_ALIAS))
    table.passes("a key that is made in the same update", key(), new_stream)
    table.passes("a key that can't be known yet", stream(kmsKeyId=UNKNOWN))
    table.passes(
        "another weak key in the stack",
        key(),
        Declared("aws:kms/key:Key", "other", {"enableKeyRotation": False, "arn": _OTHER_KEY}),
        stream(),
    )
    table.refuses(
        "a key that does not rotate", key(enableKeyRotation=False), stream(), hints=["does not rotate"]
    )
    table.refuses("a key without a declared rotation", key(enableKeyRotation=None), stream())
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
    topic_arn, data_arn = (
        f"arn:aws:sns:us-east-1:{ACCOUNT}:insights",
        f"arn:aws:kinesis:us-east-1:{ACCOUNT}:stream/i",
    )
    function_arn = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:insights"
    to_topic = configuration(elements=[VOICE_ANALYTICS, _sink("SnsTopicSink", topic_arn)])
    to_data = configuration(elements=[VOICE_ANALYTICS, _sink("KinesisDataStreamSink", data_arn)])
    to_function = configuration(elements=[VOICE_ANALYTICS, _sink("LambdaFunctionSink", function_arn)])
    new = _previewed_with(configuration(), "sink", "elements", UNKNOWN)

    def data_stream(**properties: Any) -> Declared:
        return Declared("aws:kinesis/stream:Stream", "data", {"arn": data_arn, **properties})

    table.passes("a whole stack", *whole())
    table.passes("a queue that is no sink", queue(kmsMasterKeyId=None))
    table.passes(
        "a topic with a key",
        Declared("aws:sns/topic:Topic", "topic", {"arn": topic_arn, "kmsMasterKeyId": KEY_ARN}),
        to_topic,
    )
    table.passes("a data stream with a key", data_stream(encryptionType="KMS", kmsKeyId=KEY_ARN), to_data)
    table.passes(
        "a function", Declared("aws:lambda/function:Function", "function", {"arn": function_arn}), to_function
    )
    function = Declared("aws:lambda/function:Function", "function", {"arn": function_arn})
    to_alias = configuration(elements=[VOICE_ANALYTICS, _sink("LambdaFunctionSink", f"{function_arn}:live")])
    topic = Declared("aws:sns/topic:Topic", "topic", {"arn": topic_arn, "kmsMasterKeyId": KEY_ARN})
    encrypted = data_stream(encryptionType="KMS", kmsKeyId=KEY_ARN)
    to_all = configuration(
        elements=[
            VOICE_ANALYTICS,
            _sink("SqsQueueSink", SINK_ARN),
            _sink("SnsTopicSink", topic_arn),
            _sink("KinesisDataStreamSink", data_arn),
            _sink("LambdaFunctionSink", function_arn),
        ]
    )
    table.passes("an alias of a function", function, to_alias)
    table.passes("four sinks", queue(), topic, encrypted, function, to_all)
    table.refuses(
        "four sinks, one without a key",
        queue(),
        encrypted,
        function,
        to_all,
        Declared("aws:sns/topic:Topic", "topic", {"arn": topic_arn}),
        hints=["The sink topic", "no customer-managed key"],
    )
    table.refuses(
        "four sinks, the function elsewhere", queue(), topic, encrypted, to_all, hints=["not in this stack"]
    )
    table.refuses(
        "an alias of another function whose name begins alike",
        Declared("aws:lambda/function:Function", "function", {"arn": function_arn[:-1]}),
        to_alias,
        hints=["not in this stack"],
    )
    table.passes("a key that is made in the same update", queue(kmsMasterKeyId=UNKNOWN), configuration())
    table.passes("a trusted sink", configuration(), trustedSinks=[SINK_ARN])
    table.passes("elements that can't be known yet", configuration(elements=UNKNOWN))
    table.passes("a new queue with a key", queue(), new)
    table.refuses(
        "a queue without key", configuration(), queue(kmsMasterKeyId=None), hints=["no customer-managed key"]
    )
    table.refuses("a queue with an empty key", configuration(), queue(kmsMasterKeyId=""))
    table.refuses("a queue with AWS's key", configuration(), queue(kmsMasterKeyId="alias/aws/sqs"))
    table.refuses(
        "a queue with SQS's own encryption",
        configuration(),
        queue(kmsMasterKeyId=None, sqsManagedSseEnabled=True),
    )
    table.refuses(
        "a topic without key", to_topic, Declared("aws:sns/topic:Topic", "topic", {"arn": topic_arn})
    )
    table.refuses(
        "a data stream without encryption", to_data, data_stream(kmsKeyId=KEY_ARN), hints=["is not encrypted"]
    )
    table.refuses(
        "a data stream with AWS's key",
        to_data,
        data_stream(encryptionType="KMS", kmsKeyId="alias/aws/kinesis"),
    )
    table.refuses("a new queue without key", new, queue(kmsMasterKeyId=None))
    table.refuses("a sink from elsewhere", queue(), to_topic, hints=["not in this stack"])
    return table.cases


ENCRYPTION_CASES: Final = [*_own_keys(), *_rotation(), *_sinks()]
