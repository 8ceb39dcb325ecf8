"""What the declarations of the ephemeral resources share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypedDict

import pulumi
from pulumi.dynamic import Resource, ResourceProvider

from ..pulumi_internals import prepare_program
from ..timeouts import TimeoutSeconds
from .argument_types import require_flags
from .ephemeral_options import (
    ephemeral_options,
    refuse_invalid_triggers,
    refuse_recreate_when_ended,
    warn_of_consent,
)
from .origin import origin
from .properties import build_properties
from .same_channel import Listed

NONE_WHERE_NOT_GIVEN: Final = ("region", "timeout_seconds")
"""Inputs that a program may read as outputs though they were not given."""


class EphemeralArguments(TypedDict, total=False):
    """Arguments that the constructor of every ephemeral resource takes, by name.

    Attributes:
        client_request_token: Your own, 2 to 64 of letters, digits, `-` and `_` [M]; by default a chain of tokens made
            from the resource's URN and inputs, so that a create that was interrupted finds what it has started.
        region: Where the task or pipeline runs; by default the region of the ARN that it refers to.
        triggers: Any value in JSON. A change ends the running task or pipeline and starts another one, which needs
            fresh consent.
        timeout_seconds: Seconds for each operation.
        listen: False ends the running task or pipeline and starts nothing. True by default.
        ledger: Whether the start is recorded in the pipeline's tags, where an interrupted start can be found.
            True by default.
        recreate_when_ended: Not supported any more; change `triggers`.
        stop_on_delete: Whether delete ends the running task or pipeline. True by default; False releases it.
        adopt: Id of a running task or pipeline, to take over instead of starting another one. It acts once.
    """

    client_request_token: pulumi.Input[str] | None
    region: pulumi.Input[str] | None
    triggers: pulumi.Input[Any] | None
    timeout_seconds: pulumi.Input[TimeoutSeconds] | None
    listen: bool
    ledger: bool
    recreate_when_ended: None
    stop_on_delete: bool
    adopt: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CommonInputs:
    """Inputs that every ephemeral resource has: `EphemeralArguments`, tags, and what the stack's state holds.

    Attributes:
        same_channel: Other searches in state that may listen to the channel.
        withdrawn: What becomes of `listen` where consent was withdrawn in AWS: False, or None.
    """

    tags: pulumi.Input[Mapping[str, pulumi.Input[str]]]
    client_request_token: pulumi.Input[str] | None = None
    region: pulumi.Input[str] | None = None
    triggers: pulumi.Input[Any] | None = None
    timeout_seconds: pulumi.Input[TimeoutSeconds] | None = None
    listen: bool = True
    ledger: bool = True
    recreate_when_ended: None = None
    stop_on_delete: bool = True
    adopt: str | None = None
    same_channel: pulumi.Input[Listed | None] | None = None
    withdrawn: pulumi.Input[bool | None] | None = None

    def as_properties(self) -> dict[str, Any]:
        """Return them under the names that state has. State has `listen` only where it is off."""
        return {
            "tags": self.tags,
            "client_request_token": self.client_request_token,
            "region": self.region,
            "triggers": self.triggers,
            "timeout_seconds": self.timeout_seconds,
            "ledger": self.ledger,
            "stop_on_delete": self.stop_on_delete,
            "adopt": self.adopt,
            "same_channel": self.same_channel if self.listen else None,
            "listen": self.withdrawn if self.listen else False,
        }


class EphemeralResource(Resource):
    """A job in AWS that runs once: create starts it, read reports it, delete stops it.

    Attributes:
        type_token: The promise to state. A subclass gives it, and its two parts to `pulumi.dynamic.Resource`.
        outputs: What create and read add to the inputs.
    """

    type_token: str
    outputs: Sequence[str]

    def __init__(
        self,
        provider: ResourceProvider,
        resource_name: str,
        own: Mapping[str, Any],
        common: CommonInputs,
        opts: pulumi.ResourceOptions | None,
    ) -> None:
        """Declare the resource.

        Args:
            own: Inputs of this type of resource.

        Raises:
            DeclarationError: An argument or option is wrong or not supported.
        """
        refuse_recreate_when_ended(resource_name, common.recreate_when_ended)
        require_flags(
            resource_name,
            listen=common.listen,
            ledger=common.ledger,
            stop_on_delete=common.stop_on_delete,
        )
        refuse_invalid_triggers(resource_name, common.triggers)
        opts = ephemeral_options(resource_name, opts)
        inputs = {
            **own,
            **common.as_properties(),
            "origin": origin(resource_name, self.type_token, opts.parent),
        }
        super().__init__(provider, resource_name, build_properties(inputs, outputs=self.outputs), opts)
        prepare_program()
        for name in NONE_WHERE_NOT_GIVEN:
            if inputs[name] is None:
                setattr(self, name, pulumi.Output.from_input(None))
        warn_of_consent(self, common.tags)
