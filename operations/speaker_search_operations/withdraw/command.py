"""`speaker-search withdraw`: end everything under a consent record, and keep evidence."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Annotated, Final

import typer
from pulumi_speaker_search.consent.vocabulary import FIELDS
from pulumi_speaker_search.lifecycle.clock import SystemClock

from ..confirmation import can_ask, confirm
from ..exit_codes import ExitCode, print_error
from ..options import Cwd, Json, Region, Stack
from ..pulumi_backend import CommandError, OperatedStack, read_stack
from ..stack_aws import create_aws, regions_of
from ..sweep import is_updating, update_message
from ..terminal import console, print_line
from .evidence_file import EvidenceFile
from .report import as_json as report
from .report import print_outcome, print_plan, print_steps
from .verification import EXIT_CODES, Verdict, verify_file
from .withdrawing import Scope, Withdrawal, plan, withdraw_consent

NOT_IN_FILE_NAMES: Final = re.compile(r"[^A-Za-z0-9._-]+")
UPDATE_EFFECT: Final = "what it starts from now on is not ended"


def withdraw(
    record_ref: Annotated[
        str | None, typer.Option("--record-ref", metavar="REF", help="The consent record that is withdrawn.")
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would be done; change nothing.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    evidence: Annotated[
        Path | None,
        typer.Option(
            "--evidence", metavar="FILE", help="Evidence file. Default: withdrawal-REF.jsonl, here."
        ),
    ] = None,
    verify: Annotated[
        Path | None, typer.Option("--verify", metavar="FILE", help="Only check an evidence file.")
    ] = None,
    last_hash: Annotated[
        str | None, typer.Option("--last-hash", metavar="HASH", help="With --verify: the hash you noted.")
    ] = None,
    stack: Stack = None,
    cwd: Cwd = Path(),
    region: Region = None,
    as_json: Json = False,
) -> None:
    """End everything under a consent record: mark its tags, stop its tasks, delete its voice profiles.

    Deleted profiles can't be restored. Then everything is read from AWS again. Each step is written to an evidence
    file. If the command is interrupted, run it again.

    Exit code 0: nothing is left; 1: something is left, or the evidence was changed; 2: the input is wrong, nothing
    is or was under the record, or something can't be read; 3: the command failed; 4: the evidence is intact, but its
    last run was interrupted.

    Example: speaker-search withdraw --record-ref r/2026/0042
    """
    if verify is not None:
        _verify(verify, last_hash, as_json=as_json)
    _require_input(record_ref, last_hash, dry_run=dry_run, yes=yes, as_json=as_json)
    reference = str(record_ref)
    operated = read_stack(cwd, stack)
    aws = create_aws(operated, print_error)
    regions = regions_of(operated.record, aws, region)
    scope = Scope(record_ref=reference, stack=operated, aws=aws, regions=regions)
    planned = plan(scope)
    if dry_run:
        _show_plan(operated, planned, as_json=as_json)
    if not as_json:
        print_plan(console(), planned.found)
    if planned.found.left and not yes:
        _ask(reference)
    file = evidence or Path(f"withdrawal-{NOT_IN_FILE_NAMES.sub('-', reference)}.jsonl")
    update_before = is_updating(operated, print_error)
    with EvidenceFile(file, reference, SystemClock().now) as journal:
        done = withdraw_consent(scope, planned.found, journal)
    _show(operated, done, file, as_json=as_json)
    update_in_progress = update_before or is_updating(operated, print_error)
    if update_in_progress:
        print_error(update_message(operated, UPDATE_EFFECT))
    raise typer.Exit(_exit_code(done) or (ExitCode.FINDINGS if update_in_progress else ExitCode.OK))


def _verify(file: Path, last_hash: str | None, *, as_json: bool) -> None:
    checked = verify_file(file, last_hash)
    if as_json:
        typer.echo(json.dumps(checked.as_json(file), indent=2))
    else:
        out = console()
        print_line(out, f"{file}: {checked.text}", "" if checked.verdict is Verdict.INTACT else "bold red")
        if checked.record_ref:
            print_line(out, f"Consent record: {checked.record_ref}; entries: {checked.entries}")
        if checked.left is not None:
            print_line(out, f"Left at the end of the last run: {checked.left}")
        print_line(out, f"Last hash: {checked.last_hash}")
    raise typer.Exit(EXIT_CODES[checked.verdict])


def _require_input(
    record_ref: str | None, last_hash: str | None, *, dry_run: bool, yes: bool, as_json: bool
) -> None:
    """Check the input before any call.

    Raises:
        CommandError: It is wrong.
    """
    field = FIELDS["record-ref"]
    if record_ref is None:
        raise CommandError("Name the consent record with --record-ref, or a file with --verify.")
    if not re.fullmatch(field.pattern, record_ref):
        raise CommandError(f"--record-ref takes {field.form}.")
    if last_hash is not None:
        raise CommandError("--last-hash needs --verify.")
    if dry_run or yes:
        return
    if as_json:
        raise CommandError(
            "--json does not ask: add --yes to withdraw, or --dry-run to see what would be done."
        )
    if not can_ask():
        raise CommandError(
            "This deletes voice profiles, which can't be restored, and there is no terminal to ask at. Nothing was "
            "done. Add --yes to withdraw, or --dry-run to see what would be done."
        )


def _ask(record_ref: str) -> None:
    if not confirm(f"Withdraw consent record {record_ref} now? Deleted profiles can't be restored."):
        print_error("Nothing was changed.")
        raise typer.Exit(ExitCode.FINDINGS)


def _show_plan(operated: OperatedStack, planned: Withdrawal, *, as_json: bool) -> None:
    _warn_of_nothing(planned)
    if as_json:
        typer.echo(json.dumps(report(operated, planned, dry_run=True, evidence=None), indent=2))
    else:
        out = console()
        print_plan(out, planned.found)
        sum_ = f"{len(planned.found.left)} to mark, end or delete"
        print_line(
            out, f"Nothing was changed (--dry-run). Under consent record {planned.record_ref}: {sum_}."
        )
    raise typer.Exit(_exit_code(planned))


def _show(operated: OperatedStack, done: Withdrawal, file: Path, *, as_json: bool) -> None:
    _warn_of_nothing(done)
    if as_json:
        typer.echo(json.dumps(report(operated, done, dry_run=False, evidence=str(file)), indent=2))
        return
    out = console()
    print_steps(out, done.steps)
    if not done.is_of_nothing:
        print_outcome(out, done.left, done.record_ref)
    print_line(out, f"Evidence: {file}. To check it: speaker-search withdraw --verify {file}")
    print_line(out, f"Note the hash of its last entry: {done.last_hash}")


def _warn_of_nothing(done: Withdrawal) -> None:
    if done.is_of_nothing:
        print_error(
            f"Nothing in {', '.join(done.regions)} is, or was, under consent record {done.record_ref}. Check its "
            "spelling, the stack and the region."
        )


def _exit_code(done: Withdrawal) -> ExitCode:
    if done.is_of_nothing:
        return ExitCode.UNREADABLE
    if done.left.left:
        return ExitCode.FINDINGS
    return ExitCode.UNREADABLE if done.left.unread else ExitCode.OK
