"""Stops what an interrupted start left, where the declaration does not let anything listen any more.

A start that was killed between AWS's answer and its record is found by the next create, which takes it over. Where
that create may start nothing, because consent does not hold any more or the declaration does not listen, the task
would go on with nobody to stop it: so it is stopped.
"""

from __future__ import annotations

from . import ledger
from .aws_call import Aws
from .earlier_starts import stop_recorded
from .errors import NotFoundError, SpeakerSearchError
from .task_start import TaskStart


def stop_unwanted(aws: Aws, wanted: TaskStart) -> None:
    """Stop the task that the pipeline's ledger has under this resource, and say what may still listen.

    Where nothing of it listens, its stream and channel are free for another resource.

    Raises nothing: what is not known to be stopped is a warning, with the command that stops it.
    """
    if wanted.ledger and _stop(aws, wanted):
        aws.memory.renounce(wanted.origin)


def _stop(aws: Aws, wanted: TaskStart) -> bool:
    """Tell whether nothing of the resource listens, as far as the ledger knows."""
    deadline = aws.clock.monotonic() + wanted.timeout_seconds
    own = ledger.resource_hash(wanted.origin)
    try:
        present = ledger.get_tags(aws, wanted.pipeline_arn, subject=wanted.subject, deadline=deadline)
        mine = next((entry for entry in ledger.from_tags(present)[0] if entry.resource_hash == own), None)
        if mine is None:
            return True
        if mine.stack_hash != ledger.stack_hash(wanted.origin):
            aws.warn(
                f"{wanted.subject}: what this declaration has started is held by another stack, which is the one to "
                "stop it."
            )
            return False
        if mine.task_id is None:
            aws.warn(
                f"{wanted.subject}: an earlier start of this resource was interrupted, and a task may listen. "
                "`speaker-search stop --all` ends it with its pipeline."
            )
            return False
        stop_recorded(aws, wanted, mine.task_id, timeout_seconds=wanted.timeout_seconds)
        return True
    except NotFoundError:
        return True  # without its pipeline no task listens
    except SpeakerSearchError as failed:
        aws.warn(
            f"{failed} An earlier start of this resource may listen: `speaker-search stop --all` ends it."
        )
        return False
