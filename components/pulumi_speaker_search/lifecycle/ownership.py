"""Whose a running task or pipeline is, judged by the states of a backend. Pure.

An id that stands in the state of any stack is that stack's, whatever its ledger entry says: people rename stacks, move
resources between them and take over what another one has let go of. What no state holds is an orphan. Whose it was is
told by the entry's hash of a stack, by former names in state, and by what the state holds beside it; a name alone is no
proof, because another backend may have a stack of the same name.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from .stack_record import StackRecord


class Owner(StrEnum):
    """Whose something is that no state holds."""

    THIS = "this stack"
    """This stack's: its state holds the pipeline, or has made the domain or configuration that is used."""
    THIS_BY_NAME = "a stack of this name"
    """It was written by a stack of this name, and nothing in this state points to it."""
    OTHER = "another stack"
    """Another stack of this backend: that one's to sweep."""
    UNKNOWN = "unknown"
    """No stack of this backend has, or had, the name under which it was written."""


@dataclass(frozen=True)
class Ownership:
    """To whom something belongs that this stack's state does not hold.

    Attributes:
        stack: The other stack, where there is one.
    """

    owner: Owner
    stack: str | None = None


THIS: Final = Ownership(Owner.THIS)


@dataclass(frozen=True, kw_only=True)
class Backend:
    """Every stack of the backend but the one that is looked at.

    Attributes:
        stacks: Those whose state was read.
        unread: Those whose state could not be read. They may hold anything.
    """

    stacks: tuple[StackRecord, ...] = ()
    unread: tuple[str, ...] = ()

    def holder_of(self, id_: str | None) -> str | None:
        """Return the stack in whose state the task or pipeline is."""
        return next((one.name for one in self.stacks if id_ in one.ids), None)


def owner_of(
    mine: StackRecord, backend: Backend, *, written_by: str, pipeline_id: str, arns: Iterable[str | None]
) -> Ownership:
    """Judge something that no state holds.

    Args:
        written_by: The stack's hash in the entry, or in the mark of the pipeline: the last stack that is known to
            have held it.
        pipeline_id: The pipeline that it is, or that it is on.
        arns: The domain, stream and configuration that it uses, as far as they are known.
    """
    points_here = pipeline_id in mine.ids or any(arn in mine.made_arns for arn in arns if arn)
    is_former = written_by in mine.former_hashes
    if points_here and (is_former or written_by == mine.hash):
        return THIS
    if written_by == mine.hash:
        return Ownership(Owner.THIS_BY_NAME)
    present = next((one.name for one in backend.stacks if one.hash == written_by), None)
    if present:
        return Ownership(Owner.OTHER, present)
    if is_former:
        return Ownership(Owner.THIS_BY_NAME)
    if points_here:
        return THIS
    former = next((one.name for one in backend.stacks if written_by in one.former_hashes), None)
    other = former or backend.holder_of(pipeline_id)
    return Ownership(Owner.OTHER, other) if other else Ownership(Owner.UNKNOWN)
