"""What the rules on roles pass and refuse, and attempts to bypass them."""

from __future__ import annotations

import json
from typing import Any, Final

from tests.policies.analyzer import UNKNOWN, Declared
from tests.policies.case import Case, Table
from tests.policies.voice_stack import (
    ACCOUNT,
    SINK_ARN,
    TRUST,
    role,
    role_policy,
    statement,
    whole,
)


def _trust(**changed: Any) -> dict[str, Any]:
    one = {**TRUST["Statement"][0], **changed}  # type: ignore[dict-item]
    return {"Version": "2012-10-17", "Statement": [{k: v for k, v in one.items() if v is not None}]}


def _conditions(
    account: Any = ACCOUNT, arn: Any = f"arn:aws:chime:*:{ACCOUNT}:*", **operators: str
) -> dict[str, Any]:
    return {
        operators.get("account_operator", "StringEquals"): {"aws:SourceAccount": account},
        operators.get("arn_operator", "ArnLike"): {"aws:SourceArn": arn},
    }


def _pass_limited_trust(table: Table) -> None:
    """Pass roles of other services, and trust that is limited to the account."""
    lambda_only = _trust(Principal={"Service": "lambda.amazonaws.com"}, Condition=None)
    table.passes("a whole stack", *whole())
    table.passes("a role of another service", role(trust=lambda_only))
    table.passes("one statement that is no list", role(trust={"Statement": _trust()["Statement"][0]}))
    table.passes(
        "the document as an object", Declared("aws:iam/role:Role", "role", {"assumeRolePolicy": TRUST})
    )
    table.passes(
        "keys in other case",
        role(
            trust=_trust(
                Condition={
                    "stringequals": {"AWS:sourceaccount": [ACCOUNT]},
                    "ArnEquals": {"aws:sourcearn": f"arn:aws:chime:us-east-1:{ACCOUNT}:*"},
                }
            )
        ),
    )
    table.passes("a document that can't be known yet", role(trust=UNKNOWN))
    table.passes("a denial of everybody", role(trust=_trust(Effect="Deny", Principal="*")))


def _refuse_conditions(table: Table) -> None:
    """Refuse conditions that do not limit the trust to the account."""
    table.refuses("no conditions", role(trust=_trust(Condition=None)), hints=["SourceAccount", "SourceArn"])
    table.refuses(
        "SourceArn alone",
        role(trust=_trust(Condition={"ArnLike": {"aws:SourceArn": f"arn:aws:chime:*:{ACCOUNT}:*"}})),
        hints=["aws:SourceAccount"],
    )
    table.refuses(
        "SourceAccount alone",
        role(trust=_trust(Condition={"StringEquals": {"aws:SourceAccount": ACCOUNT}})),
        hints=["aws:SourceArn"],
    )
    table.refuses("any account", role(trust=_trust(Condition=_conditions(account="*"))))
    table.refuses(
        "an account with a wildcard beside a good one",
        role(trust=_trust(Condition=_conditions(account=[ACCOUNT, "*"]))),
    )
    table.refuses("any Chime resource", role(trust=_trust(Condition=_conditions(arn="*"))))
    table.refuses(
        "Chime resources of any account", role(trust=_trust(Condition=_conditions(arn="arn:aws:chime:*:*:*")))
    )
    table.refuses(
        "two accounts that differ",
        role(trust=_trust(Condition=_conditions(arn="arn:aws:chime:*:210987654321:*"))),
        hints=["not in aws:SourceAccount"],
    )
    table.refuses(
        "StringLike for the account", role(trust=_trust(Condition=_conditions(account_operator="StringLike")))
    )
    table.refuses(
        "a condition that holds when absent",
        role(trust=_trust(Condition=_conditions(account_operator="StringEqualsIfExists"))),
    )
    table.refuses(
        "a denial turned round", role(trust=_trust(Condition=_conditions(arn_operator="ArnNotLike")))
    )


def _refuse_principals(table: Table) -> None:
    """Refuse anybody, Chime in any form without conditions, and what is no document."""
    table.refuses("anybody", role(trust=_trust(Principal="*")), hints=["by anybody"])
    table.refuses("anybody of AWS", role(trust=_trust(Principal={"AWS": "*"})))
    table.refuses("everybody but one", role(trust=_trust(Principal=None, NotPrincipal={"AWS": ACCOUNT})))
    table.refuses(
        "Chime within a list",
        role(
            trust=_trust(
                Principal={"Service": ["lambda.amazonaws.com", "mediapipelines.chime.amazonaws.com"]},
                Condition=None,
            )
        ),
    )
    table.refuses(
        "Chime's other principal",
        role(trust=_trust(Principal={"Service": "voiceconnector.chime.amazonaws.com"}, Condition=None)),
    )
    table.refuses(
        "a second statement without conditions",
        role(trust={"Statement": [*_trust()["Statement"], *_trust(Condition=None)["Statement"]]}),
    )
    table.refuses("no JSON", role(trust="{"), hints=["no IAM document"])
    table.refuses("JSON without statements", role(trust="[]"))
    table.refuses("statements that are none", role(trust='{"Statement": ["x"]}'))


def _role_trust() -> list[Case]:
    table = Table("safeguards-role-trust")
    _pass_limited_trust(table)
    _refuse_conditions(table)
    _refuse_principals(table)
    return table.cases


_BY_TAG = {"StringEquals": {"aws:ResourceTag/AWSServiceName": "ChimeSDK"}}
_KEYS = f"arn:aws:kms:*:{ACCOUNT}:key/*"
_ATTACHMENT = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
_DOCUMENT = json.dumps({"Statement": [statement(Action="*")]})


def _pass_narrow_permissions(table: Table) -> None:
    """Pass permissions without a wildcard, or with one that is needed."""
    table.passes("a whole stack", *whole())
    table.passes(
        "keys by tag", role_policy("p", statement(Action="kms:Decrypt", Resource=_KEYS, Condition=_BY_TAG))
    )
    table.passes(
        "streams named Chime",
        role_policy(
            "p", statement(Resource=f"arn:aws:kinesisvideo:*:{ACCOUNT}:stream/Chime*", Condition=None)
        ),
    )
    table.passes(
        "one queue", role_policy("p", statement(Action="sqs:SendMessage", Resource=SINK_ARN, Condition=None))
    )
    table.passes(
        "one stream, made whenever",
        role_policy(
            "p",
            statement(Resource=f"arn:aws:kinesisvideo:us-east-1:{ACCOUNT}:stream/calls/*", Condition=None),
        ),
    )
    table.passes(
        "actions that AWS takes with a wildcard only",
        role_policy(
            "p", statement(Action=["kms:ListKeys", "kinesisvideo:ListStreams"], Resource="*", Condition=None)
        ),
    )
    table.passes("a denial", role_policy("p", statement(Effect="Deny", Action="*", Resource="*")))
    table.passes("a document that can't be known yet", role_policy("p", policy=UNKNOWN))
    table.passes(
        "a role that a setting names", role_policy("batch-7", statement(Action="*")), otherRoles=["batch-*"]
    )
    table.passes(
        "a narrow policy of AWS",
        Declared(
            _ATTACHMENT,
            "a",
            {"policyArn": "arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"},
        ),
    )
    table.passes("an attachment that can't be known yet", Declared(_ATTACHMENT, "a", {"policyArn": UNKNOWN}))
    table.passes("another type", Declared("aws:s3/bucketPolicy:BucketPolicy", "b", {"policy": _DOCUMENT}))


def _refuse_wildcards(table: Table) -> None:
    """Refuse wildcards in actions and resources."""
    for action in ("*", "kinesisvideo:*", "kinesisvideo:Get*", "kms:Decryp?", ["kms:Decrypt", "kms:*"]):
        table.refuses(
            f"the action {action}",
            role_policy("p", statement(Action=action)),
            hints=["wildcard in its actions"],
        )
    for resource in (
        "*",
        "arn:aws:kinesisvideo:*:*:stream/*",
        f"arn:aws:sqs:*:{ACCOUNT}:*",
        [SINK_ARN, "*"],
        f"arn:aws:kinesisvideo:us-east-1:{ACCOUNT}:*",
        "arn:aws:s3:::bucket/*",
        f"arn:aws:sqs:us-east-1:{ACCOUNT}:insight?",
    ):
        table.refuses(
            f"the resource {resource}",
            role_policy("p", statement(Resource=resource)),
            hints=["wildcard in its resources"],
        )
    table.refuses("all streams without the tag", role_policy("p", statement(Condition=None)))
    table.refuses(
        "all keys of a region without the tag",
        role_policy(
            "p",
            statement(
                Action="kms:Decrypt", Resource=f"arn:aws:kms:us-east-1:{ACCOUNT}:key/*", Condition=None
            ),
        ),
    )
    table.refuses(
        "all streams by another tag",
        role_policy("p", statement(Condition={"StringEquals": {"aws:ResourceTag/Team": "ChimeSDK"}})),
    )
    table.refuses(
        "all streams by a tag that may be absent",
        role_policy(
            "p", statement(Condition={"StringEqualsIfExists": {"aws:ResourceTag/AWSServiceName": "ChimeSDK"}})
        ),
    )
    table.refuses(
        "all streams by a tag with other values too",
        role_policy(
            "p", statement(Condition={"StringEquals": {"aws:ResourceTag/AWSServiceName": ["ChimeSDK", "x"]}})
        ),
    )
    table.refuses(
        "listing and writing with a wildcard",
        role_policy("p", statement(Action=["kms:ListKeys", "kms:CreateGrant"], Resource="*")),
    )


def _refuse_documents(table: Table) -> None:
    """Refuse wide permissions wherever a policy can be."""
    table.refuses(
        "everything but",
        role_policy("p", statement(Action=None, NotAction="iam:*")),
        hints=["everything but"],
    )
    table.refuses("every resource but", role_policy("p", statement(Resource=None, NotResource="x")))
    table.refuses(
        "no effect written, which is none of IAM's", role_policy("p", statement(Effect=None, Action="*"))
    )
    table.refuses(
        "a second statement", role_policy("p", statement(), statement(Action="*")), hints=["Statement 2"]
    )
    table.refuses(
        "an inline policy of the role",
        role(inlinePolicies=[{"name": "x", "policy": _DOCUMENT}]),
        hints=["inlinePolicies"],
    )
    table.refuses(
        "AWS's administrator",
        role(managedPolicyArns=["arn:aws:iam::aws:policy/AdministratorAccess"]),
        hints=["full access"],
    )
    table.refuses(
        "an attachment of full access",
        Declared(
            _ATTACHMENT, "a", {"policyArn": "arn:aws:iam::aws:policy/AmazonKinesisVideoStreamsFullAccess"}
        ),
    )
    table.refuses(
        "an attachment of power",
        Declared(
            _ATTACHMENT, "a", {"policyArn": "arn:aws-us-gov:iam::aws:policy/job-function/PowerUserAccess"}
        ),
    )
    table.refuses("a policy of its own", Declared("aws:iam/policy:Policy", "p", {"policy": _DOCUMENT}))
    table.refuses("no JSON", role_policy("p", policy="{"), hints=["no IAM document"])
    table.refuses(
        "a role beside the one that a setting names",
        role_policy("batch", statement(Action="*")),
        otherRoles=["batch-*"],
    )


def _permissions() -> list[Case]:
    table = Table("safeguards-least-privilege")
    _pass_narrow_permissions(table)
    _refuse_wildcards(table)
    _refuse_documents(table)
    return table.cases


IAM_CASES: Final = [*_role_trust(), *_permissions()]
