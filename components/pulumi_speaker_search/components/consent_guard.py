"""A withdrawal that is recorded in AWS is never overwritten by the program's declaration.

Tags are evidence, and the program writes them: `up --refresh` would see a withdrawal that was set in AWS
as drift, write `given` back, and start a search on it. So each resource of `pulumi-aws` that carries consent tags has
a hook, called by the engine before it updates the resource, with what state knows of it after a refresh. Where that
is withdrawn or expired and the declaration is `given` for the same record, the update fails, in the preview
already; what depends on it, the search too, is not touched.

`standing_withdrawal` keeps programs from getting here: what an earlier refresh has found is declared with the
status that AWS has. This is for `pulumi up --refresh`, which refreshes after the program has run: the next
`pulumi up` knows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from itertools import count
from typing import Any

from pulumi import ResourceHook, ResourceHookArgs, ResourceHookBinding, ResourceHookOptions

from ..consent.consent_value import in_doubt
from ..declaration_error import DeclarationError
from ..lifecycle.consent_gate import RECORD_REF

_numbers = count(1)


def consent_guard(*more: Callable[[ResourceHookArgs], None]) -> ResourceHookBinding:
    """Return the hooks for resources with consent tags, to be shared by those of one component.

    Args:
        more: What else is called before an update, in previews too.
    """
    return ResourceHookBinding(before_update=[_hook(check) for check in (keep_withdrawal, *more)])


def _hook(check: Callable[[ResourceHookArgs], None]) -> ResourceHook:
    name = f"speaker-search-{check.__name__}-{next(_numbers)}"
    return ResourceHook(name, check, opts=ResourceHookOptions(on_dry_run=True))


def keep_withdrawal(args: ResourceHookArgs) -> None:
    """Refuse an update that would overwrite a withdrawal.

    Raises:
        DeclarationError: The resource carries another status than `given` for the declared record.
    """
    live, declared = _tags(args.old_outputs), _tags(args.new_inputs)
    today = datetime.now(UTC).date()
    faults = in_doubt(live, today=today)
    if not faults or in_doubt(declared, today=today):
        return
    if live.get(RECORD_REF) == declared.get(RECORD_REF):
        found = ", ".join(f"{fault.key}={live[fault.key]}" for fault in faults)
        raise DeclarationError(
            f"{args.name} ({args.type}) carries {found} in AWS for the declared record, and keeps it: a "
            "withdrawal is never overwritten, and nothing starts. Run `pulumi up` again, under its former name if it "
            "was renamed with a component above it: that keeps the withdrawal and stops the searches that use it. "
            "`speaker-search stop --all` stops them at once. To search again, declare the record of a new consent."
        )


def _tags(properties: Mapping[str, Any] | None) -> Mapping[str, Any]:
    tags = (properties or {}).get("tags")
    return tags if isinstance(tags, Mapping) else {}
