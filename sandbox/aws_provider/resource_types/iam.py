"""`aws:iam/role:Role` and `aws:iam/rolePolicy:RolePolicy`. IAM is global: no region here."""

from __future__ import annotations

import urllib.parse
from collections.abc import Iterable, Mapping
from typing import Any

from sandbox.aws_provider import schema
from sandbox.aws_provider.aws_calls import AwsCalls, AwsError
from sandbox.aws_provider.property_values import document_as_stored, normal_json
from sandbox.aws_provider.rows import ARN, ARN_PATTERN, TAGS, TAGS_ALL, name_and_prefix_rows, output
from sandbox.aws_provider.schema import Kind, Property, State
from sandbox.aws_provider.tags import as_list

GONE = frozenset({"NoSuchEntity"})
NAME_PATTERN = r"[\w+=,.@-]+"


def _time(value: Any) -> str:
    """Format a time in RFC 3339 with whole seconds, as the official provider does."""
    return str(value.strftime("%Y-%m-%dT%H:%M:%SZ"))


def _role_outputs(role: Mapping[str, Any]) -> State:
    return {
        "arn": role["Arn"],
        "createDate": _time(role["CreateDate"]),
        "uniqueId": role["RoleId"],
        "name": role["RoleName"],
        "path": role["Path"],
    }


def _create_role(aws: AwsCalls, inputs: State, tags: Mapping[str, str]) -> schema.Created:
    role = aws.call(
        "iam",
        "create_role",
        RoleName=inputs["name"],
        Path=inputs.get("path"),
        AssumeRolePolicyDocument=normal_json(inputs["assumeRolePolicy"]),
        Description=inputs.get("description"),
        MaxSessionDuration=inputs.get("maxSessionDuration"),
        PermissionsBoundary=inputs.get("permissionsBoundary"),
        Tags=as_list(tags),
    )["Role"]
    return schema.Created(role["RoleName"], _role_outputs(role))


def _complete_role(aws: AwsCalls, id_: str, inputs: State) -> State:
    _put_inline(aws, id_, inputs.get("inlinePolicies"))
    _attach(aws, id_, inputs.get("managedPolicyArns") or ())
    return {
        "assumeRolePolicy": normal_json(inputs["assumeRolePolicy"]),
        "managedPolicyArns": sorted(inputs.get("managedPolicyArns") or []),
    }


def _read_role(aws: AwsCalls, id_: str, state: State) -> State | None:
    role = aws.call("iam", "get_role", RoleName=id_)["Role"]
    attached = aws.call("iam", "list_attached_role_policies", RoleName=id_)["AttachedPolicies"]
    found = {
        **_role_outputs(role),
        "description": role.get("Description"),
        "maxSessionDuration": role.get("MaxSessionDuration", 3600),
        "permissionsBoundary": role.get("PermissionsBoundary", {}).get("PermissionsBoundaryArn"),
        "assumeRolePolicy": document_as_stored(
            state.get("assumeRolePolicy"), _document(role["AssumeRolePolicyDocument"])
        ),
        "managedPolicyArns": sorted(policy["PolicyArn"] for policy in attached),
    }
    if state.get("inlinePolicies"):
        found["inlinePolicies"] = _inline_policies(aws, id_, state["inlinePolicies"])
    return found


def _document(document: Any) -> Any:
    """Decode a document that boto3 has left as text: it decodes only percent-encoded ones."""
    return urllib.parse.unquote(document) if isinstance(document, str) else document


def _inline_policies(aws: AwsCalls, role: str, known: Iterable[Mapping[str, str]]) -> list[State]:
    old = {policy.get("name"): policy.get("policy") for policy in known}
    found: list[State] = []
    for name in aws.call("iam", "list_role_policies", RoleName=role)["PolicyNames"]:
        stored = aws.call("iam", "get_role_policy", RoleName=role, PolicyName=name)["PolicyDocument"]
        text = old.get(name)
        found.append({"name": name, "policy": document_as_stored(text, _document(stored))})
    return found


def _put_inline(aws: AwsCalls, role: str, policies: Any) -> None:
    for policy in policies or ():
        if policy.get("name"):
            aws.call(
                "iam",
                "put_role_policy",
                RoleName=role,
                PolicyName=policy["name"],
                PolicyDocument=policy["policy"],
            )


def _attach(aws: AwsCalls, role: str, arns: Iterable[str]) -> None:
    for arn in arns:
        aws.call("iam", "attach_role_policy", RoleName=role, PolicyArn=arn)


def _detach(aws: AwsCalls, role: str, arns: Iterable[str]) -> None:
    for arn in arns:
        aws.call("iam", "detach_role_policy", RoleName=role, PolicyArn=arn)


def _update_role(aws: AwsCalls, id_: str, change: schema.Change) -> None:
    names, old, new = change.names, change.old, change.new
    if "assumeRolePolicy" in names:
        aws.call(
            "iam",
            "update_assume_role_policy",
            RoleName=id_,
            PolicyDocument=normal_json(new["assumeRolePolicy"]),
        )
    if names & {"description", "maxSessionDuration"}:
        aws.call(
            "iam",
            "update_role",
            RoleName=id_,
            Description=new.get("description", ""),
            MaxSessionDuration=new.get("maxSessionDuration"),
        )
    if "permissionsBoundary" in names:
        if boundary := new.get("permissionsBoundary"):
            aws.call("iam", "put_role_permissions_boundary", RoleName=id_, PermissionsBoundary=boundary)
        else:
            aws.call("iam", "delete_role_permissions_boundary", RoleName=id_)
    if "inlinePolicies" in names:
        kept = {policy.get("name") for policy in new.get("inlinePolicies") or ()}
        _delete_inline(aws, id_, {policy.get("name") for policy in old.get("inlinePolicies") or ()} - kept)
        _put_inline(aws, id_, new.get("inlinePolicies"))
    if "managedPolicyArns" in names:
        before, after = set(old.get("managedPolicyArns") or ()), set(new.get("managedPolicyArns") or ())
        _detach(aws, id_, sorted(before - after))
        _attach(aws, id_, sorted(after - before))


def _delete_inline(aws: AwsCalls, role: str, names: Iterable[str | None]) -> None:
    for name in sorted(filter(None, names)):
        aws.call("iam", "delete_role_policy", RoleName=role, PolicyName=name)


def _delete_role(aws: AwsCalls, id_: str, state: State) -> None:
    """Delete a role, and before it the policies that it manages, or all with `forceDetachPolicies`."""
    force = bool(state.get("forceDetachPolicies"))
    if force or state.get("managedPolicyArns"):
        attached = aws.call("iam", "list_attached_role_policies", RoleName=id_)["AttachedPolicies"]
        _detach(aws, id_, [policy["PolicyArn"] for policy in attached])
    if force or state.get("inlinePolicies"):
        _delete_inline(aws, id_, aws.call("iam", "list_role_policies", RoleName=id_)["PolicyNames"])
    aws.call("iam", "delete_role", RoleName=id_)


ROLE = schema.ResourceType(
    pulumi_type="aws:iam/role:Role",
    service="iam",
    properties=(
        ARN,
        Property("assumeRolePolicy", Kind.JSON, required=True),
        output("createDate"),
        Property("description", maximum=1000),
        Property("forceDetachPolicies", Kind.BOOLEAN, default=False),
        Property(
            "inlinePolicies",
            Kind.OBJECT_SET,
            computed=True,
            fields=(Property("name"), Property("policy", Kind.JSON)),
        ),
        Property("managedPolicyArns", Kind.TEXT_SET, computed=True),
        Property("maxSessionDuration", Kind.INTEGER, default=3600, minimum=3600, maximum=43200),
        *name_and_prefix_rows(pattern=NAME_PATTERN),
        Property("path", force_new=True, default="/", pattern=r"/(.{0,510}/)?"),
        Property("permissionsBoundary", pattern=ARN_PATTERN),
        TAGS,
        TAGS_ALL,
        output("uniqueId"),
    ),
    gone=GONE,
    operations=schema.Operations(
        _create_role, _read_role, _update_role, _delete_role, complete=_complete_role
    ),
    auto_name=schema.AutoName(maximum_length=64),
    tagging=schema.Tagging(tag="tag_role", untag="untag_role", list_="list_role_tags", member="RoleName"),
)


def _create_role_policy(aws: AwsCalls, inputs: State, _tags: Mapping[str, str]) -> schema.Created:
    _put_role_policy(aws, inputs)
    return schema.Created(f"{inputs['role']}:{inputs['name']}", {"policy": normal_json(inputs["policy"])})


def _put_role_policy(aws: AwsCalls, inputs: State) -> None:
    aws.call(
        "iam",
        "put_role_policy",
        RoleName=inputs["role"],
        PolicyName=inputs["name"],
        PolicyDocument=inputs["policy"],
    )


def _role_and_name(id_: str) -> tuple[str, str]:
    role, separator, name = id_.partition(":")
    if not (role and separator and name):
        raise AwsError("BadId", f"the id of a role policy is ROLE:NAME, not {id_!r}")
    return role, name


def _read_role_policy(aws: AwsCalls, id_: str, state: State) -> State | None:
    role, name = _role_and_name(id_)
    stored = aws.call("iam", "get_role_policy", RoleName=role, PolicyName=name)["PolicyDocument"]
    return {"name": name, "role": role, "policy": document_as_stored(state.get("policy"), _document(stored))}


def _update_role_policy(aws: AwsCalls, _id: str, change: schema.Change) -> None:
    if "policy" in change.names:
        _put_role_policy(aws, change.new)


def _delete_role_policy(aws: AwsCalls, id_: str, _state: State) -> None:
    role, name = _role_and_name(id_)
    aws.call("iam", "delete_role_policy", RoleName=role, PolicyName=name)


def _check_role_policy(inputs: State) -> list[schema.Failure]:
    if str(inputs.get("role", "")).startswith("arn:"):
        return [("role", "is the role's name, not its ARN")]
    return []


ROLE_POLICY = schema.ResourceType(
    pulumi_type="aws:iam/rolePolicy:RolePolicy",
    service="iam",
    properties=(
        *name_and_prefix_rows(pattern=NAME_PATTERN),
        Property("policy", Kind.JSON, required=True),
        Property("role", required=True, force_new=True),
    ),
    gone=GONE,
    operations=schema.Operations(
        _create_role_policy, _read_role_policy, _update_role_policy, _delete_role_policy
    ),
    check=_check_role_policy,
    auto_name=schema.AutoName(maximum_length=128),
)
