"""`speaker-search results`: show what the queue of a configuration received for searches."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from pulumi_speaker_search.lifecycle.clock import SystemClock
from pulumi_speaker_search.lifecycle.stack_record import RecordedResource, StackRecord

from ..exit_codes import INTERRUPTED, ExitCode, print_error
from ..options import Cwd, Json, Stack
from ..pulumi_backend import CommandError, OperatedStack, read_stack
from ..stack_aws import create_aws
from ..terminal import console
from . import report
from .collection import AskedSearch, Collection, SearchResults
from .notification import Notification
from .reading import Reading
from .result_queue import ResultQueue, queue_of

ARN_PARTS = 6


def results(
    names: Annotated[
        list[str], typer.Argument(metavar="NAME...", help="Searches, by resource name or task id.")
    ],
    follow: Annotated[
        bool, typer.Option("--follow", "-f", help="Wait for results until the final ones are in.")
    ] = False,
    timeout: Annotated[
        float | None, typer.Option("--timeout", min=0, help="With --follow: end after so many seconds.")
    ] = None,
    take: Annotated[
        bool,
        typer.Option(
            "--take", help="Delete the messages of these searches from the queue once they are shown."
        ),
    ] = False,
    queue: Annotated[
        str | None, typer.Option("--queue", help="The ARN of the queue, if the state does not name it.")
    ] = None,
    stack: Stack = None,
    cwd: Cwd = Path(),
    region: Annotated[str | None, typer.Option("--region", help="Only searches of this region.")] = None,
    as_json: Json = False,
) -> None:
    """Show the results of searches in their SQS queue: matches, voiceprints, failures.

    Other readers of the queue still receive every message: a read hides the messages while it goes on (seconds; with
    --follow up to a minute at a time), then puts them back. Each read counts toward maxReceiveCount of a queue with a
    redrive policy: after that many receives, SQS moves a message to the dead-letter queue. A read that would use the
    count up is refused.

    Exit code 0: each search has its result; 1: one has none (yet), or failed; 2: the input is wrong, or something could
    not be read; 3: the command failed; 130: interrupted with ^C.

    Example: speaker-search results search --follow
    """
    if timeout is not None and not follow:
        raise CommandError("--timeout is an option of --follow.")
    operated = read_stack(cwd, stack)
    tasks = _select(operated.record, names, region)
    collection = Collection([SearchResults(AskedSearch.of(operated.record, task)) for task in tasks])
    reading = _reading(operated, tasks, collection, _show(follow, as_json), queue, take=take)

    def print_document() -> None:
        document = report.as_json(operated.record.stack, operated.record.project, collection)
        typer.echo(json.dumps(document, indent=2))

    reading.refuse_to_use_up()
    with _interruption_in_words():
        if follow:
            reason = reading.follow(timeout)
            if as_json:
                typer.echo(json.dumps(report.line_of_end(collection, reason)))
        else:
            reading.once(print_document if as_json else lambda: None)
    if not as_json:
        report.print_end(console(), collection)
    complete = all(one.has_result for one in collection.searches)
    raise typer.Exit(ExitCode.OK if complete else ExitCode.FINDINGS)


@contextmanager
def _interruption_in_words() -> Iterator[None]:
    try:
        yield
    except KeyboardInterrupt:
        print_error("Interrupted. Messages that were not deleted are in the queue again.")
        raise typer.Exit(INTERRUPTED) from None


def _select(record: StackRecord, names: list[str], region: str | None) -> list[RecordedResource]:
    in_region = [task for task in record.tasks if region in (None, task.region)]
    found = {name: [task for task in in_region if name in (task.name, task.id, task.urn)] for name in names}
    unknown = [name for name, tasks in found.items() if not tasks]
    if unknown:
        known = ", ".join(sorted({task.name for task in in_region})) or "none"
        raise CommandError(
            f"Stack {record.stack} has no search named {', '.join(unknown)}. Its searches are: {known}."
        )
    return list({task.urn: task for tasks in found.values() for task in tasks}.values())


def _show(follow: bool, as_json: bool) -> Callable[[AskedSearch, Notification], None]:
    """Return what to do with each new result. A document is written at the end."""
    if as_json and follow:
        return lambda search, one: typer.echo(json.dumps(report.line_of_result(search, one)))
    if as_json:
        return lambda _search, _one: None
    out = console()
    return lambda search, one: report.print_result(out, search, one)


def _reading(
    operated: OperatedStack,
    tasks: list[RecordedResource],
    collection: Collection,
    show: Callable[[AskedSearch, Notification], None],
    queue: str | None,
    *,
    take: bool,
) -> Reading:
    if queue and (queue.count(":") != ARN_PARTS - 1 or queue.split(":")[2] != "sqs"):
        raise CommandError(
            f"--queue {queue} is not the ARN of an SQS queue, arn:aws:sqs:REGION:ACCOUNT:NAME."
        )
    aws = create_aws(operated, print_error)
    arns = sorted({queue or queue_of(operated.record, task) for task in tasks})
    queues = [ResultQueue.of(aws.in_region(arn.split(":")[3]), arn) for arn in arns]
    return Reading(queues, collection, show, take, SystemClock(), aws.in_region)
