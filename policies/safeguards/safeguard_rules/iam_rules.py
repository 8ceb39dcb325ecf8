"""Rules on roles: who may assume them, and what they permit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from pulumi_policy import Severity

from .iam_documents import UnreadableDocumentError, allowing_statements, conditions, principals, values
from .resource_types import POLICY, ROLE, ROLE_POLICY, ROLE_POLICY_ATTACHMENT
from .vendor.policy_kit.resources import Resource, Unknown, matches_pattern
from .vendor.policy_kit.rule import Deferred, Finding, Rule, Settings, only_types
from .vendor.policy_kit.setting_schemas import string_list

_CHIME: Final = re.compile(r"[a-z.-]*\bchime\.amazonaws\.com(\.cn)?")
_ACCOUNT: Final = re.compile(r"[0-9]{12}")
_SOURCE_ARN: Final = re.compile(r"arn:[a-z-]+:chime:[^:]*:(?P<account>[0-9]{12}):.+")
_ACCOUNT_OPERATORS: Final = frozenset({"stringequals"})
_ARN_OPERATORS: Final = frozenset({"arnlike", "arnequals", "stringlike", "stringequals"})


def untrusted_principals(resource: Resource, settings: Settings, today: date) -> Iterator[Finding]:
    """Refuse a role that anybody can assume, or that Chime can assume for another account (confused deputy)."""
    document = resource.properties.get("assumeRolePolicy")
    if isinstance(document, Unknown):
        yield Deferred(f"assumeRolePolicy of {resource.name} {document.reason}.")
        return
    try:
        found = allowing_statements(document)
    except UnreadableDocumentError:
        yield f"assumeRolePolicy of {resource.name} is no IAM document."
        return
    for statement in found:
        if "*" in principals(statement) or "NotPrincipal" in statement:
            yield f"{resource.name} can be assumed by anybody."
        elif any(_CHIME.fullmatch(principal) for principal in principals(statement)):
            problems = list(_condition_problems(statement))
            if problems:
                yield f"The trust of {resource.name} in Chime {' and '.join(problems)}."


def _condition_problems(statement: Mapping[str, Any]) -> Iterator[str]:
    accounts = _condition_values(statement, "aws:sourceaccount", _ACCOUNT_OPERATORS)
    arns = _condition_values(statement, "aws:sourcearn", _ARN_OPERATORS)
    if not accounts or not all(_ACCOUNT.fullmatch(account) for account in accounts):
        yield "has no condition StringEquals aws:SourceAccount with an account"
    matches = [_SOURCE_ARN.fullmatch(arn) for arn in arns]
    if not matches or not all(matches):
        yield "has no condition ArnLike aws:SourceArn with an account's Chime resources"
    elif any(match and match["account"] not in accounts for match in matches):
        yield "names an account in aws:SourceArn that is not in aws:SourceAccount"


def _condition_values(statement: Mapping[str, Any], key: str, operators: frozenset[str]) -> list[str]:
    """Return the values that the condition key must have, by one of these operators."""
    return [
        value
        for operator, tested, found in conditions(statement)
        if tested == key and operator in operators
        for value in found
    ]


ROLE_TRUST: Final = Rule(
    name="safeguards-role-trust",
    description="A role that Chime assumes must be limited to its own account by SourceAccount and SourceArn.",
    severity=Severity.CRITICAL,
    framework=(
        "AWS IAM User Guide",
        "",
        "The confused deputy problem",
        "Cross-service confused deputy prevention",
    ),
    remediation_steps="Add StringEquals aws:SourceAccount and ArnLike aws:SourceArn arn:aws:chime:*:ACCOUNT:* to the"
    " trust policy",
    tags=("iam", "least-privilege"),
    applies_to=only_types(ROLE),
    check_inputs=untrusted_principals,
)

_WILDCARD_ONLY: Final = frozenset(
    {
        "kinesisvideo:liststreams",
        "kms:listaliases",
        "kms:listkeys",
        "sns:listtopics",
        "sqs:listqueues",
        "kinesis:liststreams",
        "lambda:listfunctions",
        "cloudwatch:putmetricdata",
        "xray:puttracesegments",
        "xray:puttelemetryrecords",
    }
)
"""Actions that AWS accepts with the resource `*` only (Service Authorization Reference)."""

_BY_TAG: Final = re.compile(r"arn:[a-z-]+:(kinesisvideo|kms):[^:]*:[0-9]{12}:(stream|key)/\*")
_CHIME_STREAMS: Final = re.compile(r"arn:[a-z-]+:kinesisvideo:[^:]*:[0-9]{12}:stream/Chime[A-Za-z0-9_.-]*\*")
_TAIL: Final = re.compile(r"arn:[a-z-]+:[a-z0-9-]+:[^:*]*:[0-9]{12}:[^*]{3,}[/:]\*")
_FULL_ACCESS: Final = re.compile(
    r"arn:[^:]+:iam::aws:policy/(.*/)?(AdministratorAccess|PowerUserAccess|\w*FullAccess)"
)


def overbroad_permissions(resource: Resource, settings: Settings, today: date) -> Iterator[Finding]:
    """Refuse wildcard actions, wildcard resources that AWS does not require, and AWS's policies of full access."""
    if any(matches_pattern(resource.name, pattern) for pattern in settings["otherRoles"]):
        return
    for place, document in _documents(resource):
        if isinstance(document, Unknown):
            yield Deferred(f"{place} of {resource.name} {document.reason}.")
        elif isinstance(document, str) and _FULL_ACCESS.fullmatch(document):
            yield f"{resource.name} has a policy of AWS that gives full access."
        elif place != "policyArn":
            yield from _overbroad_statements(place, document, resource.name)


def _documents(resource: Resource) -> Iterator[tuple[str, Any]]:
    """Yield (property, document or ARN) of each policy of the resource."""
    properties = resource.properties
    if resource.type == ROLE_POLICY_ATTACHMENT:
        yield "policyArn", properties.get("policyArn")
    elif resource.type != ROLE:
        yield "policy", properties.get("policy")
    else:
        for inline in _as_list(properties.get("inlinePolicies")):
            document = inline.get("policy") if isinstance(inline, Mapping) else inline
            if document is not None:
                yield "inlinePolicies", document
        for arn in _as_list(properties.get("managedPolicyArns")):
            yield "policyArn", arn


def _as_list(value: Any) -> list[Any]:
    value = value or []
    return value if isinstance(value, list) else [value]


def _overbroad_statements(place: str, document: Any, name: str) -> Iterator[Finding]:
    try:
        found = allowing_statements(document)
    except UnreadableDocumentError:
        yield f"{place} of {name} is no IAM document."
        return
    for number, statement in enumerate(found, start=1):
        problems = list(_statement_problems(statement))
        if problems:
            yield f"Statement {number} with Allow in {place} of {name} {' and '.join(problems)}."


def _statement_problems(statement: Mapping[str, Any]) -> Iterator[str]:
    actions = [action.lower() for action in values(statement, "Action")]
    if "NotAction" in statement or "NotResource" in statement:
        yield "allows everything but a list"
    if any("*" in action or "?" in action for action in actions):
        yield "has a wildcard in its actions"
    tagged = any(
        key == "aws:resourcetag/awsservicename" and operator == "stringequals" and tags == ["ChimeSDK"]
        for operator, key, tags in conditions(statement)
    )
    wildcard_required = bool(actions) and _WILDCARD_ONLY.issuperset(actions)
    if not wildcard_required and any(_is_overbroad(arn, tagged) for arn in values(statement, "Resource")):
        yield "has a wildcard in its resources that AWS does not require"


def _is_overbroad(resource_arn: str, tagged: bool) -> bool:
    """Return whether a resource has a wildcard without need. `tagged`: whether a condition demands the service tag."""
    if "*" not in resource_arn and "?" not in resource_arn:
        return False
    if _CHIME_STREAMS.fullmatch(resource_arn) or _TAIL.fullmatch(resource_arn):
        # `…:stream/NAME/*`: an ARN of a stream ends with the time of its creation, which nobody knows beforehand.
        return _BY_TAG.fullmatch(resource_arn) is not None and not tagged
    return not (tagged and _BY_TAG.fullmatch(resource_arn))


LEAST_PRIVILEGE: Final = Rule(
    name="safeguards-least-privilege",
    description="No permission may have a wildcard action, or a wildcard resource that AWS does not require.",
    severity=Severity.HIGH,
    framework=("NIST SP 800-53", "Rev. 5", "AC-6", "Least privilege"),
    remediation_steps="Name the actions and resources. For streams and their keys, add the condition"
    " aws:ResourceTag/AWSServiceName = ChimeSDK",
    tags=("iam", "least-privilege"),
    settings={
        "otherRoles": string_list(
            "Names in the program (with *) of roles and policies that have nothing to do with voice.",
            pattern="^[^*]{3,}\\*?[^*]*$",
        )
    },
    waivers={"otherRoles": []},
    applies_to=only_types(ROLE, ROLE_POLICY, POLICY, ROLE_POLICY_ATTACHMENT),
    check_inputs=overbroad_permissions,
)
