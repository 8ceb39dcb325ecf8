"""Which stack holds a pipeline and the searches on it, as the pipeline's tags name it.

A start and an adoption write the stack's hash into the ledger; after a move or a rename the next `up` of the stack that
holds the search does (`ledger_repair`). A declaration that stayed behind finds what it once started by its
ClientRequestToken, whoever holds it by now: it is refused, so that no two states hold one search.
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
"""In place of a token, where what was adopted has been made without a ledger."""

IS_ELSEWHERE: Final = (
    "is held by another stack: it was moved or adopted there, or the stack that had this name was renamed"
)


def holder_in(tags: Mapping[str, str]) -> str | None:
    """Return the hash of the stack that holds a pipeline with these tags; None where they do not tell."""
    mark = tags.get(ledger.PIPELINE)
    return mark.rsplit("/", 1)[-1] if mark else None


def mark_for(tags: Mapping[str, str], stack: str) -> dict[str, str]:
    """Return the mark that names `stack` (hash) as the holder, empty where the tags have it already."""
    if holder_in(tags) == stack:
        return {}
    token = tags.get(ledger.PIPELINE, ADOPTED).split("/", 1)[0]
    return {ledger.PIPELINE: f"{token}/{stack}"}


def require_held_here(
    aws: Aws, pipeline: Pipeline, *, origin: str, subject: Subject, deadline: float
) -> None:
    """Refuse to take a pipeline that an earlier start had made where its mark names another stack than `origin` does.

    One without a mark is taken: somebody has taken the tag off, or it was made without a ledger.

    Raises:
        OccupiedError: It does.
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
        remedy=way_out(pipeline.id),
    )


def way_out(id_: str) -> str:
    """Return what helps where another stack holds what is declared here."""
    return (
        "Nothing was started and nothing was stopped. Take the declaration out of this program. To have the search "
        f'here again, run `pulumi state move` from that stack to this one, or declare `adopt="{id_}"` once no other '
        "stack has it."
    )
