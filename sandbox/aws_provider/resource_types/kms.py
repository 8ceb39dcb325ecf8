"""`aws:kms/key:Key` and `aws:kms/alias:Alias`."""

from __future__ import annotations

from collections.abc import Mapping

from sandbox.aws_provider import schema
from sandbox.aws_provider.aws_calls import AwsCalls, AwsError
from sandbox.aws_provider.property_values import document_as_stored, normal_json
from sandbox.aws_provider.rows import ARN, REGION, TAGS, TAGS_ALL, name_and_prefix_rows, output
from sandbox.aws_provider.schema import Kind, Property, State
from sandbox.aws_provider.tags import as_list

KEY_SPECS = (
    "SYMMETRIC_DEFAULT",
    *("RSA_2048", "RSA_3072", "RSA_4096"),
    *("HMAC_224", "HMAC_256", "HMAC_384", "HMAC_512"),
    *("ECC_NIST_P256", "ECC_NIST_P384", "ECC_NIST_P521", "ECC_SECG_P256K1", "ECC_NIST_EDWARDS25519"),
    *("ML_DSA_44", "ML_DSA_65", "ML_DSA_87", "SM2"),
)
KEY_USAGES = ("ENCRYPT_DECRYPT", "SIGN_VERIFY", "GENERATE_VERIFY_MAC", "KEY_AGREEMENT")
GONE = frozenset({"NotFoundException"})
#: A key whose deletion is scheduled counts as deleted, as it does for the official provider.
DELETED_STATES = frozenset({"PendingDeletion", "PendingReplicaDeletion"})


def _create_key(aws: AwsCalls, inputs: State, tags: Mapping[str, str]) -> schema.Created:
    metadata = aws.call(
        "kms",
        "create_key",
        Description=inputs.get("description"),
        KeySpec=inputs.get("customerMasterKeySpec"),
        KeyUsage=inputs.get("keyUsage"),
        MultiRegion=inputs.get("multiRegion"),
        Policy=inputs.get("policy"),
        BypassPolicyLockoutSafetyCheck=inputs.get("bypassPolicyLockoutSafetyCheck") or None,
        Tags=as_list(tags, ("TagKey", "TagValue")),
    )["KeyMetadata"]
    return schema.Created(
        metadata["KeyId"],
        {
            "arn": metadata["Arn"],
            "keyId": metadata["KeyId"],
            "description": metadata.get("Description", ""),
            "multiRegion": metadata.get("MultiRegion", False),
        },
    )


def _complete_key(aws: AwsCalls, id_: str, inputs: State) -> State:
    outputs: State = {}
    if inputs.get("enableKeyRotation"):
        period = inputs.get("rotationPeriodInDays")
        aws.call("kms", "enable_key_rotation", KeyId=id_, RotationPeriodInDays=period)
        outputs["rotationPeriodInDays"] = period or 365
    if inputs.get("isEnabled") is False:
        aws.call("kms", "disable_key", KeyId=id_)
    document = inputs.get("policy") or _key_policy(aws, id_)
    return {**outputs, "policy": normal_json(document)}


def _key_policy(aws: AwsCalls, id_: str) -> str:
    return str(aws.call("kms", "get_key_policy", KeyId=id_, PolicyName="default")["Policy"])


def _read_key(aws: AwsCalls, id_: str, state: State) -> State | None:
    metadata = aws.call("kms", "describe_key", KeyId=id_)["KeyMetadata"]
    if metadata.get("KeyState") in DELETED_STATES:
        return None
    found: State = {
        "arn": metadata["Arn"],
        "keyId": metadata["KeyId"],
        "description": metadata.get("Description", ""),
        "customerMasterKeySpec": metadata.get("KeySpec") or metadata.get("CustomerMasterKeySpec"),
        "keyUsage": metadata.get("KeyUsage"),
        "isEnabled": metadata.get("Enabled"),
        "multiRegion": metadata.get("MultiRegion", False),
        "policy": document_as_stored(state.get("policy"), _key_policy(aws, id_)),
    }
    if (
        metadata.get("Origin", "AWS_KMS") == "AWS_KMS"
        and found["customerMasterKeySpec"] == "SYMMETRIC_DEFAULT"
    ):
        rotation = aws.call("kms", "get_key_rotation_status", KeyId=id_)
        found["enableKeyRotation"] = rotation.get("KeyRotationEnabled", False)
        found["rotationPeriodInDays"] = rotation.get("RotationPeriodInDays") or (
            365 if found["enableKeyRotation"] else None
        )
    return found


def _update_key(aws: AwsCalls, id_: str, change: schema.Change) -> None:
    names, new = change.names, change.new
    if "isEnabled" in names and new.get("isEnabled"):
        aws.call("kms", "enable_key", KeyId=id_)  # first: a disabled key can't be changed
    if names & {"enableKeyRotation", "rotationPeriodInDays"}:
        if new.get("enableKeyRotation"):
            aws.call(
                "kms", "enable_key_rotation", KeyId=id_, RotationPeriodInDays=new.get("rotationPeriodInDays")
            )
        elif "enableKeyRotation" in names:
            aws.call("kms", "disable_key_rotation", KeyId=id_)
    if "description" in names:
        aws.call("kms", "update_key_description", KeyId=id_, Description=new.get("description", ""))
    if "policy" in names:
        aws.call(
            "kms",
            "put_key_policy",
            KeyId=id_,
            PolicyName="default",
            Policy=new["policy"],
            BypassPolicyLockoutSafetyCheck=new.get("bypassPolicyLockoutSafetyCheck") or None,
        )
    if "isEnabled" in names and new.get("isEnabled") is False:
        aws.call("kms", "disable_key", KeyId=id_)


def _delete_key(aws: AwsCalls, id_: str, state: State) -> None:
    try:
        aws.call(
            "kms",
            "schedule_key_deletion",
            KeyId=id_,
            PendingWindowInDays=state.get("deletionWindowInDays") or None,
        )
    except AwsError as error:
        if error.code != "KMSInvalidStateException" or "pending deletion" not in str(error):
            raise


def _check_key(inputs: State) -> list[schema.Failure]:
    if inputs.get("rotationPeriodInDays") and inputs.get("enableKeyRotation") is False:
        return [("rotationPeriodInDays", "needs enableKeyRotation")]
    return []


KEY = schema.ResourceType(
    pulumi_type="aws:kms/key:Key",
    service="kms",
    properties=(
        ARN,
        Property("bypassPolicyLockoutSafetyCheck", Kind.BOOLEAN, default=False),
        Property("customKeyStoreId", force_new=True, not_served="the local AWS has no custom key stores"),
        Property("customerMasterKeySpec", force_new=True, default="SYMMETRIC_DEFAULT", one_of=KEY_SPECS),
        Property("deletionWindowInDays", Kind.INTEGER, minimum=7, maximum=30),
        Property("description", computed=True, maximum=8192),
        Property("enableKeyRotation", Kind.BOOLEAN, default=False),
        Property("isEnabled", Kind.BOOLEAN, default=True),
        output("keyId"),
        Property("keyUsage", force_new=True, default="ENCRYPT_DECRYPT", one_of=KEY_USAGES),
        Property("multiRegion", Kind.BOOLEAN, computed=True, force_new=True),
        Property("policy", Kind.JSON, computed=True),
        REGION,
        Property("rotationPeriodInDays", Kind.INTEGER, computed=True, minimum=90, maximum=2560),
        TAGS,
        TAGS_ALL,
        Property("xksKeyId", force_new=True, not_served="the local AWS has no external key stores"),
    ),
    gone=GONE,
    operations=schema.Operations(_create_key, _read_key, _update_key, _delete_key, complete=_complete_key),
    check=_check_key,
    tagging=schema.Tagging(
        tag="tag_resource",
        untag="untag_resource",
        list_="list_resource_tags",
        member="KeyId",
        as_list=("TagKey", "TagValue"),
        listed_as_list=("TagKey", "TagValue"),
    ),
)


def _target_arn(aws: AwsCalls, target: str) -> str:
    if target.startswith("arn:"):
        return target
    return str(aws.call("kms", "describe_key", KeyId=target)["KeyMetadata"]["Arn"])


def _create_alias(aws: AwsCalls, inputs: State, _tags: Mapping[str, str]) -> schema.Created:
    aws.call("kms", "create_alias", AliasName=inputs["name"], TargetKeyId=inputs["targetKeyId"])
    return schema.Created(inputs["name"], {})


def _complete_alias(aws: AwsCalls, id_: str, inputs: State) -> State:
    target = _target_arn(aws, inputs["targetKeyId"])
    return {"arn": f"{target.rsplit(':', 1)[0]}:{id_}", "targetKeyArn": target}


def _read_alias(aws: AwsCalls, id_: str, state: State) -> State | None:
    page: dict[str, str] = {}
    while True:
        response = aws.call("kms", "list_aliases", Limit=100, **page)
        for alias in response["Aliases"]:
            if alias["AliasName"] == id_ and alias.get("TargetKeyId"):
                return _alias_state(alias, state)
        if not response.get("Truncated"):
            return None
        page = {"Marker": response["NextMarker"]}


def _alias_state(alias: Mapping[str, str], state: State) -> State:
    key_id = alias["TargetKeyId"]
    target_arn = f"{alias['AliasArn'].split(':alias/', 1)[0]}:key/{key_id}"
    # An ARN that names the same key is the same target, as it is for the official provider.
    same = str(state.get("targetKeyId", "")).rsplit("/", 1)[-1] == key_id
    return {
        "arn": alias["AliasArn"],
        "name": alias["AliasName"],
        "targetKeyArn": target_arn,
        "targetKeyId": state["targetKeyId"] if same else key_id,
    }


def _update_alias(aws: AwsCalls, id_: str, change: schema.Change) -> None:
    if "targetKeyId" in change.names:
        aws.call("kms", "update_alias", AliasName=id_, TargetKeyId=change.new["targetKeyId"])


def _delete_alias(aws: AwsCalls, id_: str, _state: State) -> None:
    aws.call("kms", "delete_alias", AliasName=id_)


ALIAS = schema.ResourceType(
    pulumi_type="aws:kms/alias:Alias",
    service="kms",
    properties=(
        ARN,
        *name_and_prefix_rows(pattern=r"alias/(?!aws/)[a-zA-Z0-9/_-]+"),
        REGION,
        output("targetKeyArn"),
        Property("targetKeyId", required=True),
    ),
    gone=GONE,
    operations=schema.Operations(
        _create_alias, _read_alias, _update_alias, _delete_alias, complete=_complete_alias
    ),
    auto_name=schema.AutoName(maximum_length=256, prefix="alias/"),
)
