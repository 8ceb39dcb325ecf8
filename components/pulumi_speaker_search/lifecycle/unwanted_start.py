"""Stop what an interrupted start left, where the declaration does not let anything listen any more.

A start that was killed between AWS's answer and its record is found by the next create, which takes it over. Where
that create may start nothing, because consent does not hold any more or the declaration does not listen, the task
would go on with nobody to stop it: so it is stopped.
"""

from __future__ import annotations

from . import ledger
from .aws_call import Aws
from .earlier_starts import stop_recorded
from .errors import NotFoundError, SpeakerSearchError
from .task_start_request import TaskStart


def stop_unwanted(aws: Aws, spec: TaskStart) -> None:
    """Stop the task that the pipeline's ledger has under this resource, and say what may still listen.

    Where nothing of it listens, its stream and channel are free for another resource.

    Raises nothing: what is not known to be stopped is a warning, with the command that stops it.
    """
    if spec.ledger and _stop(aws, spec):
        aws.memory.renounce(spec.origin)


def _stop(aws: Aws, spec: TaskStart) -> bool:
    """Return whether nothing of the resource listens, as far as the ledger knows."""
    deadline = aws.clock.monotonic() + spec.timeout_seconds
    own = ledger.resource_hash(spec.origin)
    try:
        present = ledger.get_tags(aws, spec.pipeline_arn, subject=spec.subject, deadline=deadline)
        mine = next((entry for entry in ledger.from_tags(present)[0] if entry.resource_hash == own), None)
        if mine is None:
            return True
        if mine.stack_hash != ledger.stack_hash(spec.origin):
            aws.warn(
                f"{spec.subject}: what this declaration has started is held by another stack, which is the one to "
                "stop it."
            )
            return False
        if mine.task_id is None:
            aws.warn(
                f"{spec.subject}: an earlier start of this resource was interrupted, and a task may listen. "
                "`speaker-search stop --all` ends it with its pipeline."
            )
            return False
        stop_recorded(aws, spec, mine.task_id, timeout_seconds=spec.timeout_seconds)
        return True
    except NotFoundError:
        return True  # without its pipeline no task listens
    except SpeakerSearchError as failed:
        aws.warn(
            f"{failed} An earlier start of this resource may listen: `speaker-search stop --all` ends it."
        )
        return False
