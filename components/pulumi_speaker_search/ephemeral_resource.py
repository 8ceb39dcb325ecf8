"""What the declarations of the two ephemeral resources share."""

from __future__ import annotations

import math
import re
from collections.abc import Awaitable, Mapping
from datetime import UTC, datetime
from types import NoneType
from typing import Any, Final

import pulumi

from .aws_provider_option import refuse_foreign_aws_provider
from .consent import problems_of
from .declaration_error import DeclarationError

NEVER_IGNORED: Final = frozenset({"tags", "listen", "stop_on_delete", "origin", "*", "**"})
"""Inputs whose change may have to stop what runs."""


def _root(path: str) -> str:
    """Return the property with which a path of `ignore_changes` begins, in any of its spellings."""
    return re.split(r"[.\[\]\"']", path.lstrip("[\"'"))[0]


def ephemeral_options(resource_name: str, opts: pulumi.ResourceOptions | None) -> pulumi.ResourceOptions:
    """Return the options with which an ephemeral resource is registered.

    The old one always ends before the new one starts: two at once would search the same voices twice, so that a
    `delete_before_replace=False` of the user is overruled.

    Raises:
        DeclarationError: The options would import the resource or read it by its id.
    """
    refuse_foreign_aws_provider(resource_name, opts)
    opts = opts or pulumi.ResourceOptions()
    for option in ("import_", "id"):
        if getattr(opts, option) is not None:
            raise DeclarationError(
                f"{resource_name}: the option {option} is not supported, because AWS can't tell how it was started. "
                "Give the id as the argument `adopt` instead: it takes over what runs."
            )
    if opts.deleted_with is not None:
        raise DeclarationError(
            f"{resource_name}: the option deleted_with is not supported: Pulumi would drop it from state without "
            "a word to AWS, and it would go on."
        )
    ignored = sorted(path for path in opts.ignore_changes or () if _root(path) in NEVER_IGNORED)
    if ignored:
        raise DeclarationError(
            f"{resource_name}: ignore_changes names {', '.join(ignored)}: a consent that is withdrawn there, or a "
            "switch that is to stop it, would change nothing."
        )
    return pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(delete_before_replace=True))


def refuse_odd_triggers(resource_name: str, value: object, path: str = "triggers") -> None:
    """Refuse triggers that are no JSON, with the path of what is at fault.

    Raises:
        DeclarationError: They hold something else than texts, numbers, truth values, lists and objects.
    """
    if isinstance(value, Mapping):
        for key, item in value.items():
            if not isinstance(key, str):
                raise DeclarationError(f"{resource_name}: {path} has the key {key!r}; keys have to be texts")
            refuse_odd_triggers(resource_name, item, f"{path}.{key}")
    elif isinstance(value, (list, tuple)):
        for number, item in enumerate(value):
            refuse_odd_triggers(resource_name, item, f"{path}[{number}]")
    elif isinstance(value, float) and not math.isfinite(value):
        raise DeclarationError(f"{resource_name}: {path} is {value}, which is no number in JSON")
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


def warn_of_consent(resource: pulumi.Resource, tags: pulumi.Input[Mapping[str, pulumi.Input[str]]]) -> None:
    """Say on the resource's line, at every `up`, that its declared consent does not hold."""

    def warn(declared: Mapping[str, Any]) -> None:
        problems = problems_of(declared, today=datetime.now(UTC).date())
        if problems:
            faults = "; ".join(f"{problem.key} {problem.fault}" for problem in problems)
            pulumi.log.warn(
                f"its consent does not hold: {faults}. Nothing starts under it, and what runs is stopped.",
                resource=resource,
            )

    pulumi.Output.from_input(tags).apply(warn)
