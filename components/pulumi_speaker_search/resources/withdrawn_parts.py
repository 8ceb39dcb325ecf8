"""Whether a task may listen, by the withdrawals that the last refresh has found on its domain and stream.

A component knows its parts when it declares them. A task that is declared by itself, or on a stream that another
resource of the program gives, knows their ARNs only when they are resolved: so this is an input of the task.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi

from ..lifecycle.consent_gate import RECORD_REF
from ..pulumi_internals.stack_state import state_before_this_run


def listen_unless_withdrawn(
    resource_name: str,
    domain_arn: pulumi.Input[str] | None,
    source: pulumi.Input[Any],
    tags: pulumi.Input[Mapping[str, pulumi.Input[str]]],
) -> pulumi.Input[bool | None] | None:
    """Return the input `listen` of a task that is declared to listen.

    Args:
        domain_arn: None where the task searches no domain.
        source: With the member `stream_arn`.

    Returns:
        False where its domain or stream is in the state of this stack with a withdrawal of the declared record,
        otherwise None, which means that it listens.
    """
    carriers = {
        str(resource.output("arn")): resource
        for resource, _ in state_before_this_run().without_consent
        if resource.output("arn")
    }
    if not carriers:
        return None

    def judge(known: Mapping[str, Any]) -> bool | None:
        found = [
            carriers[arn] for arn in (known["domain_arn"], known["source"]["stream_arn"]) if arn in carriers
        ]
        standing = [one for one in found if one.tags.get(RECORD_REF) == (known["tags"] or {}).get(RECORD_REF)]
        if not standing:
            return None
        pulumi.log.warn(
            f"{resource_name}: {', '.join(one.name for one in standing)} carries a withdrawal of the declared record "
            "in AWS. Nothing is started, and running tasks are stopped."
        )
        return False

    return pulumi.Output.all(domain_arn=domain_arn, source=source, tags=tags).apply(judge)
