"""The sinks of one `VoiceAnalytics`: created or existing, as elements of its configuration and for its role."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi

from ..declaration_error import DeclarationError
from .iam_documents import SinkAccess
from .insights_sinks import (
    CREATED_SINKS,
    DEFAULT_SINK,
    SINKS,
    ExistingSink,
    Location,
    SinkValue,
    refuse_another_location,
    sink_problems,
    sink_service,
)


@dataclass(frozen=True, slots=True)
class DeclaredSink:
    """A sink of a configuration.

    Attributes:
        service: Its key in `SINKS`; None where only its ARN says so.
        arn: Its ARN.
        key_arn: The key that the role may use for it.
    """

    service: str | None
    arn: pulumi.Output[str]
    key_arn: pulumi.Output[str] | None

    def element(self) -> pulumi.Input[Any]:
        """Return the element of the configuration. Its type is known in a preview, although the ARN may not be."""
        if self.service is not None:
            return _element(self.service, self.arn)
        return self.arn.apply(lambda arn: _element(sink_service(arn), arn))

    def known_service(self) -> pulumi.Output[str]:
        """Return its key in `SINKS`."""
        return (
            self.arn.apply(sink_service) if self.service is None else pulumi.Output.from_input(self.service)
        )


def existing_sink(service: str | None, value: SinkValue, location: Location) -> DeclaredSink:
    """Return a sink that exists already.

    Args:
        service: What it has to be; None for any.
        value: Its ARN, or that and its key.
        location: Account and region of the configuration.

    Raises:
        DeclarationError: AWS would not take the sink. Where the ARN becomes known later, the Output fails with it.
    """
    sink = value if isinstance(value, ExistingSink) else ExistingSink(arn=value)
    given = _checked(service, sink.arn, location) if isinstance(sink.arn, str) else sink.arn
    arn = pulumi.Output.all(given).apply(lambda known: _checked(service, known[0], location))
    key_arn = None if sink.kms_key_arn is None else pulumi.Output.from_input(sink.kms_key_arn)
    return DeclaredSink(service, arn, key_arn)


def _checked(service: str | None, arn: str, location: Location) -> str:
    argument = "sink_arn" if service is None else f"sinks[{service!r}]"
    try:
        found = sink_service(arn)
        refuse_another_location(arn, location)
    except ValueError as wrong:
        raise DeclarationError(f"{argument}: {wrong}") from None
    if service not in (None, found):
        raise DeclarationError(f"{argument}: {arn} is a sink of another kind, {found}")
    return arn


def access_to(sinks: Sequence[DeclaredSink]) -> pulumi.Output[list[SinkAccess]]:
    """Return what the role has to reach."""
    return pulumi.Output.all(
        *(
            pulumi.Output.all(service=sink.known_service(), arn=sink.arn, key_arn=sink.key_arn)
            for sink in sinks
        )
    ).apply(lambda known: [SinkAccess(**one) for one in known])


def arns_by_service(sinks: Sequence[DeclaredSink]) -> pulumi.Output[Mapping[str, str]]:
    """Return the key in `SINKS` → ARN."""
    return access_to(sinks).apply(lambda known: {one.service: one.arn for one in known})


def refuse_wrong_sinks(
    sink: object, sink_arn: pulumi.Input[str] | None, sinks: Mapping[str, SinkValue] | None
) -> None:
    """Refuse arguments of `VoiceAnalytics` that can't be sinks, as far as they are known when it is declared.

    Raises:
        DeclarationError: It names the argument.
    """
    if sink not in CREATED_SINKS:
        raise DeclarationError(
            f"sink is {sink!r}; it has to be one of {', '.join(CREATED_SINKS)}. Give an existing sink or a function "
            "by sink_arn or in sinks"
        )
    if isinstance(sink_arn, str):
        try:
            sink_service(sink_arn)
        except ValueError as wrong:
            raise DeclarationError(f"sink_arn: {wrong}") from None
    if sinks is None:
        return
    if not isinstance(sinks, Mapping) or not sinks:
        raise DeclarationError(
            f"sinks has to be a mapping from {', '.join(SINKS)} to 'new', an ARN or an ExistingSink"
        )
    if sink_arn is not None or sink != DEFAULT_SINK:
        raise DeclarationError("give sinks, or one of sink and sink_arn, not both")
    for name, fault in sink_problems(sinks):
        raise DeclarationError(f"sinks[{name!r}] {fault}")


def _element(service: str, arn: pulumi.Input[str]) -> dict[str, Any]:
    kind = SINKS[service]
    return {"type": kind.element, kind.property: {"insights_target": arn}}
