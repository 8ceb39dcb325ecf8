"""Decide which stack owns a running task or pipeline, from the states of a backend. Without input or output.

A task or pipeline that is in the state of a stack belongs to that stack, whatever its ledger entry says, because people
rename stacks, move resources between them, and adopt what another stack has released. One that is in no state is an
orphan. The stack that started it follows from the entry's stack hash, from former names in state, and from the other
resources in that state. A name alone proves nothing, because another backend may have a stack of the same name.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from .stack_record import StackRecord


class Owner(StrEnum):
    """Owner of a task or pipeline that is in no state."""

    THIS = "this stack"
    """This stack: its state has the pipeline, or this stack created the domain or configuration that it uses."""
    THIS_BY_NAME = "a stack of this name"
    """A stack of this name started it, and nothing in this state refers to it."""
    OTHER = "another stack"
    """Another stack of this backend, which has to be swept."""
    UNKNOWN = "unknown"
    """No stack of this backend has, or had, the name of the stack that started it."""


@dataclass(frozen=True)
class Ownership:
    """The owner of a task or pipeline that is not in this stack's state.

    Attributes:
        stack: Name of the other stack; None if no other stack owns it.
    """

    owner: Owner
    stack: str | None = None


THIS: Final = Ownership(Owner.THIS)


@dataclass(frozen=True, kw_only=True)
class Backend:
    """All other stacks of the backend.

    Attributes:
        stacks: Stacks whose state was read.
        unread: Names of stacks whose state could not be read, which may own anything.
    """

    stacks: tuple[StackRecord, ...] = ()
    unread: tuple[str, ...] = ()

    def holder_of(self, id_: str | None) -> str | None:
        """Return the name of the stack whose state has this task or pipeline; None if no state has it."""
        return next((one.name for one in self.stacks if id_ in one.ids), None)


def owner_of(
    mine: StackRecord, backend: Backend, *, written_by: str, pipeline_id: str, arns: Iterable[str | None]
) -> Ownership:
    """Return the owner of a task or pipeline that is in no state.

    Args:
        mine: The present stack.
        written_by: Stack hash in the ledger entry or in the pipeline's owner mark: the last stack known to have it.
        pipeline_id: Id of the pipeline, or of the task's pipeline.
        arns: ARNs of the domain, stream and configuration that it uses; None for unknown ones.
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
