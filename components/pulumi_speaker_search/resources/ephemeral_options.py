"""The options and arguments of an ephemeral resource: which are refused, which are overruled, and why."""

from __future__ import annotations

import math
import re
from collections.abc import Awaitable, Mapping
from datetime import UTC, datetime
from types import NoneType
from typing import Any, Final

import pulumi

from ..consent.consent_value import problems_of
from ..declaration_error import DeclarationError
from ..lifecycle.request_validation import LARGEST_EXACT_NUMBER
from .aws_provider_option import refuse_foreign_aws_provider

NEVER_IGNORED: Final = frozenset({"tags", "listen", "stop_on_delete", "origin", "*", "**"})
"""Inputs whose change may have to stop a running task."""


def root_of_path(path: str) -> str:
    """Return the property with which a path of `ignore_changes` begins, in any of its spellings."""
    return re.split(r"[.\[\]\"']", path.lstrip(".[\"'"))[0]


def ephemeral_options(resource_name: str, opts: pulumi.ResourceOptions | None) -> pulumi.ResourceOptions:
    """Return the options with which an ephemeral resource is registered.

    The old one always ends before the new one starts: two at once would search the same voices twice, so that a
    `delete_before_replace=False` of the user is overruled. So are `retain_on_delete` and `deleted_with` where a
    component above hands them down: the engine would remove a search from state without a call to its provider.

    Raises:
        DeclarationError: The options would import the resource or read it by its id, drop it without a call to the
            provider, or ignore a change that has to stop it.
    """
    refuse_foreign_aws_provider(resource_name, opts)
    opts = opts or pulumi.ResourceOptions()
    refuse_import(resource_name, opts, instead="`adopt`")
    refuse_silent_deletion(resource_name, opts)
    ignored = sorted(path for path in opts.ignore_changes or () if root_of_path(path) in NEVER_IGNORED)
    if ignored:
        raise DeclarationError(
            f"{resource_name}: ignore_changes names {', '.join(ignored)}: the withdrawal of a consent there, or "
            "a switch that stops a task, would have no effect. Remove them from ignore_changes."
        )
    return pulumi.ResourceOptions.merge(
        opts,
        pulumi.ResourceOptions(
            delete_before_replace=True,
            retain_on_delete=False,
            transforms=[delete_by_itself] if has_component_above(opts) else None,
        ),
    )


def refuse_import(
    resource_name: str,
    opts: pulumi.ResourceOptions | None,
    *,
    instead: str,
    unknown: str = "how it was started",
    present: str = "running",
) -> None:
    """Refuse options that read something which is there instead of declaring it.

    Args:
        instead: The argument that takes over a running task or pipeline, or a voice profile.
        unknown: What AWS does not return, so that a read can't declare the resource.
        present: Adjective of what is taken over.

    Raises:
        DeclarationError: It names the option.
    """
    for option in ("import_", "id", "urn"):
        if opts is not None and getattr(opts, option) is not None:
            raise DeclarationError(
                f"{resource_name}: the option {option} is not supported, because AWS does not return "
                f"{unknown}. Give the id as the argument {instead} instead: it takes over the {present} one."
            )


def has_component_above(opts: pulumi.ResourceOptions | None) -> bool:
    """Return whether a resource is in a component that may hand options down. Ours refuses those that matter."""
    parent = None if opts is None else opts.parent
    return parent is not None and bool(getattr(parent, "has_component_above", True))


def delete_by_itself(args: pulumi.ResourceTransformArgs) -> pulumi.ResourceTransformResult | None:
    """Take off a `deleted_with` that the engine has handed down from a component above.

    The engine calls this with the options as they are after that [E: source_eval.go, `inheritFromParent`]; the
    program itself does not see what it hands down.
    """
    if args.opts.deleted_with is None:
        return None
    pulumi.log.warn(
        f"{args.name} ({args.type_}): the option deleted_with of a component above is ignored, because AWS does not "
        "end it together with another resource: Pulumi deletes it separately."
    )
    args.opts.deleted_with = None
    return pulumi.ResourceTransformResult(args.props, args.opts)


def refuse_silent_deletion(resource_name: str, opts: pulumi.ResourceOptions | None) -> None:
    """Refuse options by which the engine would take a search out of state without a call of its provider.

    Raises:
        DeclarationError: It names the option, and what to give instead.
    """
    if opts is None:
        return
    if opts.retain_on_delete:
        raise DeclarationError(
            f"{resource_name}: the option retain_on_delete is not supported: Pulumi would remove a running task from "
            "state without a call to its provider, so that another search of the same stream could start beside it. "
            "Give the argument `stop_on_delete=False` instead: the task continues as well, its stream and channel "
            "stay taken, and its ledger entry stays, by which `speaker-search sweep` finds it."
        )
    refuse_deleted_with(resource_name, opts)


def refuse_deleted_with(resource_name: str, opts: pulumi.ResourceOptions | None) -> None:
    """Refuse that the engine takes something out of state together with another resource.

    Raises:
        DeclarationError: The option was given.
    """
    if opts is not None and opts.deleted_with is not None:
        raise DeclarationError(
            f"{resource_name}: the option deleted_with is not supported: Pulumi would remove its resources "
            "from state without a call to AWS, and AWS does not end or delete them together with another one. Leave "
            "the option out."
        )


def refuse_invalid_triggers(resource_name: str, value: object, path: str = "triggers") -> None:
    """Refuse triggers that are not JSON; the error has the path of the invalid value.

    Raises:
        DeclarationError: They hold something else than texts, numbers, truth values, lists and objects.
    """
    if isinstance(value, Mapping):
        for key, item in value.items():
            if not isinstance(key, str):
                raise DeclarationError(f"{resource_name}: {path} has the key {key!r}; keys have to be texts")
            refuse_invalid_triggers(resource_name, item, f"{path}.{key}")
    elif isinstance(value, (list, tuple)):
        for number, item in enumerate(value):
            refuse_invalid_triggers(resource_name, item, f"{path}[{number}]")
    elif isinstance(value, float) and not math.isfinite(value):
        raise DeclarationError(f"{resource_name}: {path} is {value}, which is no number in JSON")
    elif isinstance(value, (int, float)) and abs(value) > LARGEST_EXACT_NUMBER:
        raise DeclarationError(
            f"{resource_name}: {path} is a number beyond 2^53, of which the engine loses digits; put it into quotes"
        )
    elif not isinstance(
        value, (str, int, float, pulumi.Output, Awaitable, pulumi.Asset, pulumi.Archive, NoneType)
    ):
        raise DeclarationError(
            f"{resource_name}: {path} is of the type {type(value).__name__}; it has to be JSON: a text, a number, a "
            "truth value, a list or an object"
        )


def refuse_recreate_when_ended(resource_name: str, value: object) -> None:
    """Refuse the argument that releases before 0.2 had.

    Raises:
        DeclarationError: It was given.
    """
    if value is not None:
        raise DeclarationError(
            f"{resource_name}: recreate_when_ended does not exist any more. A search is a job that runs once, and "
            "every new one takes fresh consent: change `triggers` to start it."
        )


def warn_of_consent(
    resource: pulumi.Resource,
    tags: pulumi.Input[Mapping[str, pulumi.Input[str]]],
    *,
    effect: str = "Nothing starts under it, and running tasks are stopped.",
) -> None:
    """Say on the resource's line, at every `up`, that its declared consent does not hold, and the effect of that."""

    def warn(declared: Mapping[str, Any]) -> None:
        problems = problems_of(declared, today=datetime.now(UTC).date())
        if problems:
            faults = "; ".join(f"{problem.key} {problem.fault}" for problem in problems)
            pulumi.log.warn(
                f"its consent does not hold: {faults}. {effect}",
                resource=resource,
            )

    if isinstance(tags, Mapping) and all(isinstance(value, str) for value in tags.values()):
        warn(tags)  # an output of each tag costs more than the rest of the declaration
    else:
        pulumi.Output.from_input(tags).apply(warn)
