"""A withdrawal of consent that the last refresh has found in AWS takes precedence over the declaration.

Tags are evidence, and the program writes them. If state has a resource that carries a withdrawal of the declared
record, the resource is declared with the consent status that it carries, so that nothing overwrites it, and a
search of which it is a part is declared not to listen. So `pulumi up` goes through: it stops the searches and
deletes what was taken out of the program. A new search takes the record of a new consent.

`consent_guard` is the second line, for what `pulumi up --refresh` has found a moment ago.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import pulumi

from ..lifecycle.consent_gate import RECORD_REF
from ..pulumi_internals.stack_state import StackState, StoredResource, state_before_this_run


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The parts of a search, as far as they are known when it is declared.

    Attributes:
        components: Type and name of the components that create them.
        arns: ARNs of existing resources that were given.
    """

    components: Collection[tuple[str, str]]
    arns: Collection[str]

    def have(self, resource: StoredResource) -> bool:
        """Return whether a resource in state is one of them."""
        is_made = any(resource.is_child_of(type_token, name) for type_token, name in self.components)
        return is_made or resource.output("arn") in self.arns


def standing_withdrawals(record_refs: Collection[str], parts: Parts) -> list[str]:
    """Return a sentence for each part in state that carries a withdrawal of one of these records."""
    return [
        f"{resource.name} carries {key}={resource.tags[key]} in AWS for the declared record"
        for resource, keys in state_before_this_run().without_consent
        if resource.tags.get(RECORD_REF) in record_refs and parts.have(resource)
        for key in keys
    ]


def with_standing_withdrawal(
    resource_type: type[pulumi.Resource],
    name: str,
    parent: pulumi.Resource,
    declared: Mapping[str, str],
    *,
    former_names: Sequence[str] = (),
) -> pulumi.Input[Mapping[str, pulumi.Input[str]]]:
    """Return the tags with which a resource is to be declared.

    Its consent keeps the status that it has in AWS where that is a withdrawal of the declared record.

    Args:
        resource_type: A class of `pulumi-aws`.
        parent: The component that makes it, whose name it carries.
        former_names: Former names of the component.
    """
    state = state_before_this_run()
    if not state.without_consent:
        return declared
    urn = pulumi.create_urn(name, resource_type.pulumi_type, parent)  # type: ignore[attr-defined] # set by the SDK
    # An awaitable and no Output: an Output would make the parent a dependency of its own child, a circle.
    names = (name, *former_names)
    return asyncio.ensure_future(_kept(state, urn, declared, parent.pulumi_resource_type, names))


async def _kept(
    state: StackState,
    urn: pulumi.Output[str],
    declared: Mapping[str, str],
    component_type: str,
    names: Collection[str],
) -> dict[str, str]:
    own_urn = str(await urn.future())
    own_type = own_urn.split("::")[2].rsplit("$", 1)[-1]

    def is_it(resource: StoredResource) -> bool:
        if own_urn in state.resources:
            return resource.urn == own_urn
        # It is new, or was renamed or moved: which one, the engine knows only.
        return resource.type == own_type and any(resource.is_child_of(component_type, one) for one in names)

    for resource, keys in state.without_consent:
        if is_it(resource) and resource.tags.get(RECORD_REF) == declared.get(RECORD_REF):
            return {**declared, **{key: resource.tags[key] for key in keys}}
    return dict(declared)
