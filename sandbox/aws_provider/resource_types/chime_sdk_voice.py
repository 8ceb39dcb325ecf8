"""`aws:chime/sdkvoiceVoiceProfileDomain:SdkvoiceVoiceProfileDomain`."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from sandbox.aws_provider import schema
from sandbox.aws_provider.aws_calls import AwsCalls
from sandbox.aws_provider.rows import ARN, ARN_PATTERN, CHIME_TAGGING, REGION, TAGS, TAGS_ALL, name_row
from sandbox.aws_provider.schema import Kind, Property, State
from sandbox.aws_provider.tags import as_list

SERVICE = "chime-sdk-voice"


def _outputs(domain: Mapping[str, Any]) -> State:
    return {
        "arn": domain["VoiceProfileDomainArn"],
        "name": domain["Name"],
        "description": domain.get("Description"),
        "serverSideEncryptionConfiguration": {
            "kmsKeyArn": domain["ServerSideEncryptionConfiguration"]["KmsKeyArn"]
        },
    }


def _create(aws: AwsCalls, inputs: State, tags: Mapping[str, str]) -> schema.Created:
    domain = aws.call(
        SERVICE,
        "create_voice_profile_domain",
        Name=inputs["name"],
        Description=inputs.get("description"),
        ServerSideEncryptionConfiguration={
            "KmsKeyArn": inputs["serverSideEncryptionConfiguration"]["kmsKeyArn"]
        },
        Tags=as_list(tags),
        ClientRequestToken=str(uuid.uuid4()),  # a retry after a lost response creates no second domain
    )["VoiceProfileDomain"]
    return schema.Created(domain["VoiceProfileDomainId"], _outputs(domain))


def _read(aws: AwsCalls, id_: str, _state: State) -> State | None:
    return _outputs(
        aws.call(SERVICE, "get_voice_profile_domain", VoiceProfileDomainId=id_)["VoiceProfileDomain"]
    )


def _update(aws: AwsCalls, id_: str, change: schema.Change) -> None:
    # The official provider sends name and description only, and no empty description: a new key and a cleared
    # description change nothing. Mirrored, so that the sandbox shows what real AWS would; see the document.
    if change.names & {"name", "description"}:
        aws.call(
            SERVICE,
            "update_voice_profile_domain",
            VoiceProfileDomainId=id_,
            Name=change.new["name"],
            Description=change.new.get("description") or None,
        )


def _warnings(change: schema.Change) -> list[str]:
    found = []
    if "serverSideEncryptionConfiguration" in change.names:
        found.append(
            "the KMS key of a voice profile domain can't be changed, and the official provider does not try: "
            "this update leaves the old key in place. To move to another key, replace the domain "
            "(`pulumi up --target-replace URN`); that deletes every voice profile in it"
        )
    if "description" in change.names and not change.new.get("description"):
        found.append(
            "the official aws provider never clears a domain's description: this update leaves it as it is"
        )
    return found


def _delete(aws: AwsCalls, id_: str, _state: State) -> None:
    aws.call(SERVICE, "delete_voice_profile_domain", VoiceProfileDomainId=id_)


VOICE_PROFILE_DOMAIN = schema.ResourceType(
    pulumi_type="aws:chime/sdkvoiceVoiceProfileDomain:SdkvoiceVoiceProfileDomain",
    service=SERVICE,
    properties=(
        ARN,
        Property("description", maximum=1024),
        name_row(pattern=r"[0-9A-Za-z_ .-]{1,200}", force_new=False),
        REGION,
        Property(
            "serverSideEncryptionConfiguration",
            Kind.OBJECT,
            required=True,
            fields=(Property("kmsKeyArn", required=True, pattern=ARN_PATTERN),),
        ),
        TAGS,
        TAGS_ALL,
    ),
    gone=frozenset({"NotFoundException"}),
    operations=schema.Operations(_create, _read, _update, _delete),
    warnings=_warnings,
    auto_name=schema.AutoName(),
    tagging=CHIME_TAGGING,
)
