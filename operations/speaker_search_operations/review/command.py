"""`speaker-search review`: the options and the exit codes."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from io import TextIOWrapper
from pathlib import Path
from typing import Annotated

import typer
from pulumi_speaker_search.consent.vocabulary import PREFIX

from ..options import Cwd, Json, Stack
from ..terminal import console
from .fail_on import EXIT_INCOMPLETE, EXIT_USAGE, FailOn, exit_code
from .pack_folders import pack_folders
from .provenance import commit_of
from .pulumi_cli import InstalledCli, ReviewError
from .review_model import SubjectKind

Deployed = Annotated[bool, typer.Option("--deployed", help="Review the stored state instead of a preview.")]
StateFile = Annotated[
    Path | None,
    typer.Option("--file", help="Review a state file, as `pulumi stack export` writes it.", dir_okay=False),
]
Out = Annotated[Path, typer.Option("--out", help="The folder for the reports.", file_okay=False)]
Packs = Annotated[
    list[Path] | None,
    typer.Option("--policy-pack", help="The folder of a pack; give it once per pack. Default: policies/*."),
]
PackConfigs = Annotated[
    list[Path] | None,
    typer.Option(
        "--policy-pack-config", help="The config of a pack; give it once per pack, in the same order."
    ),
]
Fails = Annotated[
    FailOn,
    typer.Option("--fail-on", help="The lowest severity that ends with code 1; higher ones are included."),
]
Against = Annotated[
    Path | None,
    typer.Option(
        "--against", help="The report.json of an earlier review: show what changed.", dir_okay=False
    ),
]
TagPrefix = Annotated[str, typer.Option("--tag-prefix", help="The prefix of the keys of consent tags.")]


def review(
    stack: Stack = None,
    cwd: Cwd = Path(),
    deployed: Deployed = False,
    file: StateFile = None,
    out: Out = Path("review"),
    policy_pack: Packs = None,
    policy_pack_config: PackConfigs = None,
    fail_on: Fails = FailOn.MANDATORY,
    tag_prefix: TagPrefix = PREFIX,
    against: Against = None,
    as_json: Json = False,
) -> None:
    """Run the policy packs on a stack, and write reports for people and their tools.

    Exit code 0: no findings; 1: findings (--fail-on); 2: wrong options; 3: not everything could be judged.

    Example: speaker-search review --deployed --against last-week/report.json
    """
    # Imported here, so that the other commands do not load what only a review needs.
    from .earlier_report import read_earlier_report, require_same_stack
    from .make_review import Subject, make_review, selected_stack
    from .report_files import write_reports
    from .report_json import report_json
    from .report_terminal import print_review
    from .review_changes import changes_since

    if file is not None and (deployed or stack is not None):
        typer.echo("--file can't be combined with --stack or --deployed.", err=True)
        raise typer.Exit(EXIT_USAGE)
    pulumi = InstalledCli(cwd.resolve())
    try:
        packs = pack_folders(policy_pack or (), policy_pack_config or (), Path.cwd())
        earlier = read_earlier_report(against) if against else None
    except ReviewError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(EXIT_USAGE) from error
    with _errors_in_one_line():
        subject = Subject(
            kind=SubjectKind.FILE if file else SubjectKind.DEPLOYED if deployed else SubjectKind.PREVIEW,
            folder=cwd.resolve(),
            stack="" if file else stack or selected_stack(pulumi),
            file=file.resolve() if file else None,
            packs=packs,
            tag_prefix=tag_prefix,
        )
        result = make_review(subject, pulumi, datetime.now(UTC))
        if earlier and against:
            require_same_stack(earlier, result.provenance, against)
        changes = changes_since(earlier, result) if earlier else None
        commit = commit_of(subject.folder)
        write_reports(result, out, commit.folder if commit else "", changes)
    if as_json:
        _print(lambda: typer.echo(report_json(result, changes), nl=False))
    else:
        _print(lambda: print_review(result, out, console(), changes))
    raise typer.Exit(exit_code(result, fail_on))


@contextmanager
def _errors_in_one_line() -> Iterator[None]:
    """End the command with 3 and one line on any error: a traceback would end with 1, which means findings."""
    from .earlier_report import EarlierReportError

    try:
        yield
    except EarlierReportError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(EXIT_USAGE) from error
    except ReviewError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(EXIT_INCOMPLETE) from error
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        # The text of the error is not printed: it may contain values from the stack.
        where = f"{Path(place.filename).name}:{place.lineno}"
        typer.echo(f"The review failed: {type(error).__name__} at {where}. Nothing was judged.", err=True)
        raise typer.Exit(EXIT_INCOMPLETE) from error


def _print(show: Callable[[], None]) -> None:
    """Print to the terminal if it can show it. A failure changes nothing: the reports are written."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    try:
        show()
        sys.stdout.flush()
    except (OSError, SystemExit):  # closed pipe, as with `| head`; Rich would exit with 1
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - the interpreter flushes it at exit
