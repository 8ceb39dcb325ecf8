"""The four functions that the stand-in serves."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from sandbox.aws_provider.aws_calls import AwsCalls, AwsError, Clients, Subject
from sandbox.aws_provider.configuration import Configuration
from sandbox.aws_provider.policy_document import PolicyDocumentError, policy_document


class FunctionFailedError(Exception):
    """A function can't answer its arguments; the message says why."""


def get_caller_identity(
    _args: Mapping[str, Any], configuration: Configuration, clients: Clients
) -> dict[str, Any]:
    """Return account, ARN and user id of the credentials in use."""
    subject = Subject("aws:index/getCallerIdentity:getCallerIdentity", "", "invoking")
    response = AwsCalls(clients, configuration.region, subject).call("sts", "get_caller_identity")
    return {
        "accountId": response["Account"],
        "arn": response["Arn"],
        "id": response["Account"],
        "userId": response["UserId"],
    }


def get_region(args: Mapping[str, Any], configuration: Configuration, clients: Clients) -> dict[str, Any]:
    """Return a region by name or EC2 endpoint, or the provider's own."""
    region = args.get("region") or args.get("name")
    if endpoint := args.get("endpoint"):
        match = re.fullmatch(r"ec2\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?", endpoint)
        if match is None or (region and match[1] != region):
            raise FunctionFailedError(f"no region with the EC2 endpoint {endpoint!r}")
        region = match[1]
    region = str(region or configuration.region)
    partition = _partition(clients, region)
    known = partition["regions"].get(region)
    if known is None:
        raise FunctionFailedError(f"there is no region called {region!r}")
    return {
        "description": known["description"],
        "endpoint": f"ec2.{region}.{partition['outputs']['dnsSuffix']}",
        "id": region,
        "name": region,
        "region": region,
    }


def get_partition(_args: Mapping[str, Any], configuration: Configuration, clients: Clients) -> dict[str, Any]:
    """Return the partition of the provider's region."""
    partition = _partition(clients, configuration.region)
    suffix = str(partition["outputs"]["dnsSuffix"])
    return {
        "dnsSuffix": suffix,
        "id": partition["id"],
        "partition": partition["id"],
        "reverseDnsPrefix": ".".join(reversed(suffix.split("."))),
    }


def _partition(clients: Clients, region: str) -> dict[str, Any]:
    partitions: list[dict[str, Any]] = clients.data("partitions")["partitions"]
    for partition in partitions:
        if region in partition["regions"] or re.fullmatch(partition["regionRegex"], region):
            return partition
    raise FunctionFailedError(f"the region {region!r} is in no partition that botocore knows")


def get_policy_document(
    args: Mapping[str, Any], _configuration: Configuration, _clients: Clients
) -> dict[str, Any]:
    """Return a policy document, without any call."""
    try:
        return policy_document(args)
    except PolicyDocumentError as error:
        raise FunctionFailedError(str(error)) from error


Function = Callable[[Mapping[str, Any], Configuration, Clients], dict[str, Any]]
FUNCTIONS: Mapping[str, Function] = {
    "aws:index/getCallerIdentity:getCallerIdentity": get_caller_identity,
    "aws:index/getRegion:getRegion": get_region,
    "aws:index/getPartition:getPartition": get_partition,
    "aws:iam/getPolicyDocument:getPolicyDocument": get_policy_document,
}


def require_allowed_account(configuration: Configuration, clients: Clients) -> None:
    """Raise FunctionFailedError where `allowedAccountIds` or `forbiddenAccountIds` exclude the account."""
    if not (configuration.allowed_account_ids or configuration.forbidden_account_ids):
        return
    try:
        account = get_caller_identity({}, configuration, clients)["accountId"]
    except AwsError as error:
        raise FunctionFailedError(str(error)) from error
    if configuration.allowed_account_ids and account not in configuration.allowed_account_ids:
        raise FunctionFailedError(f"account {account} is not in aws:allowedAccountIds")
    if account in configuration.forbidden_account_ids:
        raise FunctionFailedError(f"account {account} is in aws:forbiddenAccountIds")
