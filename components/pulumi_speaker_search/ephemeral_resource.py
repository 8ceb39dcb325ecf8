"""What the declarations of the two ephemeral resources share."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pulumi

from .aws_provider_option import refuse_foreign_aws_provider
from .consent import problems_of
from .declaration_error import DeclarationError


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
    return pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(delete_before_replace=True))


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
