"""Roles: who may take them, and what they may do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from pulumi_policy import Severity

from .iam_documents import UnreadableDocumentError, conditions, principals, statements, values
from .resource_types import POLICY, ROLE, ROLE_POLICY, ROLE_POLICY_ATTACHMENT, any_of, texts
from .resource_view import NotKnown, Resource
from .rule import Finding, NotYet, Rule, Settings

_CHIME: Final = re.compile(r"[a-z.-]*\bchime\.amazonaws\.com(\.cn)?")
_ACCOUNT: Final = re.compile(r"[0-9]{12}")
_SOURCE_ARN: Final = re.compile(r"arn:[a-z-]+:chime:[^:]*:(?P<account>[0-9]{12}):.+")
_ACCOUNT_OPERATORS: Final = frozenset({"stringequals"})
_ARN_OPERATORS: Final = frozenset({"arnlike", "arnequals", "stringlike", "stringequals"})


def open_trust(resource: Resource, settings: Settings, today: date) -> Iterator[Finding]:
    """A role for Chime that another account could have Chime take (the confused deputy), or anybody."""
    document = resource.properties.get("assumeRolePolicy")
    if isinstance(document, NotKnown):
        yield NotYet(f"assumeRolePolicy of {resource.name} {document.why}.")
        return
    try:
        found = [one for one in statements(document) if one.get("Effect", "Allow") == "Allow"]
    except UnreadableDocumentError:
        yield f"assumeRolePolicy of {resource.name} is no IAM document."
        return
    for statement in found:
        if "*" in principals(statement) or "NotPrincipal" in statement:
            yield f"{resource.name} can be taken by anybody."
        elif any(_CHIME.fullmatch(one) for one in principals(statement)):
            wrong = list(_missing_conditions(statement))
            if wrong:
                yield f"The trust of {resource.name} in Chime {' and '.join(wrong)}."


def _missing_conditions(statement: Mapping[str, Any]) -> Iterator[str]:
    tests = list(conditions(statement))
    accounts = [
        v for op, key, vs in tests if key == "aws:sourceaccount" and op in _ACCOUNT_OPERATORS for v in vs
    ]
    arns = [v for op, key, vs in tests if key == "aws:sourcearn" and op in _ARN_OPERATORS for v in vs]
    if not accounts or not all(_ACCOUNT.fullmatch(one) for one in accounts):
        yield "has no condition StringEquals aws:SourceAccount with an account"
    matches = [_SOURCE_ARN.fullmatch(one) for one in arns]
    if not matches or not all(matches):
        yield "has no condition ArnLike aws:SourceArn with an account's Chime resources"
    elif any(match and match["account"] not in accounts for match in matches):
        yield "names an account in aws:SourceArn that is not in aws:SourceAccount"


ROLE_TRUST: Final = Rule(
    name="safeguards-role-trust",
    description="A role that Chime takes must be bound to the own account by SourceAccount and SourceArn.",
    severity=Severity.CRITICAL,
    framework=(
        "AWS IAM User Guide",
        "",
        "The confused deputy problem",
        "Cross-service confused deputy prevention",
    ),
    remediation_steps="Add StringEquals aws:SourceAccount and ArnLike aws:SourceArn arn:aws:chime:*:ACCOUNT:* to the"
    " trust",
    tags=("iam", "least-privilege"),
    looks_at=any_of(ROLE),
    judge_inputs=open_trust,
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
"""Actions that AWS only takes with the resource `*` [Service Authorization Reference]."""

_BY_TAG: Final = re.compile(r"arn:[a-z-]+:(kinesisvideo|kms):[^:]*:[0-9]{12}:(stream|key)/\*")
_CHIME_STREAMS: Final = re.compile(r"arn:[a-z-]+:kinesisvideo:[^:]*:[0-9]{12}:stream/Chime[A-Za-z0-9_.-]*\*")
_TAIL: Final = re.compile(r"arn:[a-z-]+:[a-z0-9-]+:[^:*]*:[0-9]{12}:[^*]{3,}[/:]\*")
_FULL_ACCESS: Final = re.compile(
    r"arn:[^:]+:iam::aws:policy/(.*/)?(AdministratorAccess|PowerUserAccess|\w*FullAccess)"
)


def wide_permissions(resource: Resource, settings: Settings, today: date) -> Iterator[Finding]:
    """Actions with a wildcard, resources with one that AWS does not force, and AWS's own policies of full
    access."""
    if any(_matches(pattern, resource.name) for pattern in settings["otherRoles"]):
        return
    for place, document in _documents(resource):
        if isinstance(document, NotKnown):
            yield NotYet(f"{place} of {resource.name} {document.why}.")
        elif isinstance(document, str) and _FULL_ACCESS.fullmatch(document):
            yield f"{resource.name} takes a policy of AWS that gives full access."
        elif place != "policyArn":
            yield from _wide_statements(place, document, resource.name)


def _matches(pattern: str, name: str) -> bool:
    return re.fullmatch(".*".join(re.escape(part) for part in pattern.split("*")), name) is not None


def _documents(resource: Resource) -> Iterator[tuple[str, Any]]:
    """(property, document or ARN) of what gives permissions."""
    properties = resource.properties
    if resource.type == ROLE_POLICY_ATTACHMENT:
        yield "policyArn", properties.get("policyArn")
        return
    if resource.type != ROLE:
        yield "policy", properties.get("policy")
        return
    inline = properties.get("inlinePolicies") or []
    for one in inline if isinstance(inline, list) else [inline]:
        document = one.get("policy") if isinstance(one, Mapping) else one
        if document is not None:
            yield "inlinePolicies", document
    managed = properties.get("managedPolicyArns") or []
    for one in managed if isinstance(managed, list) else [managed]:
        yield "policyArn", one


def _wide_statements(place: str, document: Any, name: str) -> Iterator[Finding]:
    try:
        found = [one for one in statements(document) if one.get("Effect", "Allow") == "Allow"]
    except UnreadableDocumentError:
        yield f"{place} of {name} is no IAM document."
        return
    for number, statement in enumerate(found, start=1):
        wrong = list(_wide_parts(statement))
        if wrong:
            yield f"Statement {number} that allows in {place} of {name} {' and '.join(wrong)}."


def _wide_parts(statement: Mapping[str, Any]) -> Iterator[str]:
    actions = [one.lower() for one in values(statement, "Action")]
    if "NotAction" in statement or "NotResource" in statement:
        yield "allows everything but a list"
    if any("*" in one or "?" in one for one in actions):
        yield "has a wildcard in its actions"
    tagged = any(
        key == "aws:resourcetag/awsservicename" and operator == "stringequals" and tags == ["ChimeSDK"]
        for operator, key, tags in conditions(statement)
    )
    forced = bool(actions) and _WILDCARD_ONLY.issuperset(actions)
    if not forced and any(_is_wide(one, tagged) for one in values(statement, "Resource")):
        yield "has a wildcard in its resources that AWS does not force"


def _is_wide(resource_arn: str, tagged: bool) -> bool:
    if "*" not in resource_arn and "?" not in resource_arn:
        return False
    if _CHIME_STREAMS.fullmatch(resource_arn) or _TAIL.fullmatch(resource_arn):
        # `…:stream/NAME/*`: the end of the ARN is the time of creation, which nobody knows beforehand.
        return _BY_TAG.fullmatch(resource_arn) is not None and not tagged
    return not (tagged and _BY_TAG.fullmatch(resource_arn))


LEAST_PRIVILEGE: Final = Rule(
    name="safeguards-least-privilege",
    description="No permission may have a wildcard action, or a wildcard resource that AWS does not force.",
    severity=Severity.HIGH,
    framework=("NIST SP 800-53", "Rev. 5", "AC-6", "Least privilege"),
    remediation_steps="Name the actions and resources; for streams and their keys, condition on"
    " aws:ResourceTag/AWSServiceName = ChimeSDK",
    tags=("iam", "least-privilege"),
    settings={
        "otherRoles": texts(
            "Names in the program (with *) of roles and policies that have nothing to do with voice.",
            "^[^*]{3,}\\*?[^*]*$",
        )
    },
    excuses={"otherRoles": []},
    looks_at=any_of(ROLE, ROLE_POLICY, POLICY, ROLE_POLICY_ATTACHMENT),
    judge_inputs=wide_permissions,
)
