"""Which stack holds a pipeline and the searches on it, according to the pipeline's tags.

A start or an adoption writes the stack's hash to the ledger. After a move or a rename, the next `up` of the stack that
holds the search updates it (`ledger_repair`). A declaration that was left behind in the old stack would find the search
by its ClientRequestToken; it is refused, so that no two states have the same search.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from . import ledger
from .absence import REQUIRED_SPREAD_SECONDS
from .aws_call import Aws, RetryWindows
from .errors import NotFoundError, OccupiedError, Subject

if TYPE_CHECKING:
    from .media_insights_pipeline import Pipeline

ADOPTED: Final = "adopted"
"""Value in place of a token, for an adopted pipeline or task that was started without a ledger."""

IS_ELSEWHERE: Final = (
    "is held by another stack: it was moved or adopted there, or the stack that had this name was renamed"
)


def holder_in(tags: Mapping[str, str]) -> str | None:
    """Return the hash of the stack that holds a pipeline with these tags; None without an owner mark."""
    mark = tags.get(ledger.PIPELINE)
    return mark.rsplit("/", 1)[-1] if mark else None


def mark_for(tags: Mapping[str, str], stack: str) -> dict[str, str]:
    """Return the owner mark that names `stack` (its hash) as the holder; empty if the tags already have it."""
    if holder_in(tags) == stack:
        return {}
    token = tags.get(ledger.PIPELINE, ADOPTED).split("/", 1)[0]
    return {ledger.PIPELINE: f"{token}/{stack}"}


def require_held_here(
    aws: Aws, pipeline: Pipeline, *, origin: str, subject: Subject, deadline: float
) -> None:
    """Check that a pipeline that an earlier start created is held by the stack of `origin`.

    A pipeline without an owner mark passes: someone has removed the tag, or it was created without a ledger.

    Raises:
        OccupiedError: The owner mark names another stack.
    """
    patience = RetryWindows({"NotFoundException": REQUIRED_SPREAD_SECONDS})
    try:
        tags = ledger.get_tags(aws, pipeline.arn, subject=subject, deadline=deadline, retry_windows=patience)
    except NotFoundError:
        return
    if holder_in(tags) in (None, ledger.stack_hash(origin)):
        return
    raise OccupiedError(
        f"media insights pipeline {pipeline.id}, which this declaration has started, {IS_ELSEWHERE}",
        action="start",
        subject=subject,
        last_status=pipeline.status,
        remedy=remedy_if_held_elsewhere(pipeline.id),
    )


def remedy_if_held_elsewhere(id_: str) -> str:
    """Return the remedy for a declaration whose search or pipeline is held by another stack."""
    return (
        "Nothing was started and nothing was stopped. Take the declaration out of this program. To have the search "
        f'here again, run `pulumi state move` from that stack to this one, or declare `adopt="{id_}"` once no other '
        "stack has it."
    )
