"""`speaker-search review`: its options, and what its exit code means."""

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
from pulumi_speaker_search.consent_vocabulary import PREFIX
from rich.console import Console

from ..options import Cwd, Stack
from .fail_on import EXIT_INCOMPLETE, EXIT_USAGE, FailOn, exit_code
from .pack_folders import pack_folders
from .provenance import commit_of
from .pulumi_cli import InstalledCli, ReviewError
from .review_model import SubjectKind

Deployed = Annotated[bool, typer.Option("--deployed", help="Judge the stored state instead of a preview.")]
StateFile = Annotated[
    Path | None,
    typer.Option("--file", help="Judge a state file, as `pulumi stack export` writes it.", dir_okay=False),
]
Out = Annotated[Path, typer.Option("--out", help="The folder for the reports.", file_okay=False)]
Packs = Annotated[
    list[Path] | None,
    typer.Option("--policy-pack", help="A pack's folder, once for each; by default policies/*."),
]
PackConfigs = Annotated[
    list[Path] | None,
    typer.Option("--policy-pack-config", help="A pack's config, once for each pack, in their order."),
]
Fails = Annotated[
    FailOn,
    typer.Option("--fail-on", help="The mildest finding that ends with code 1; each takes in those before."),
]
TagPrefix = Annotated[str, typer.Option("--tag-prefix", help="What the keys of consent tags start with.")]


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
) -> None:
    """Judge a stack with the policy packs, and write reports for people and their tools.

    Ends with 0; with 1 for findings (--fail-on); with 2 for a wrong call; with 3 where not everything could be judged.
    """
    # Here and not above: the other commands, sweep among them, do not wait for what only a review needs.
    from .make_review import Subject, make_review, selected_stack
    from .report_files import write_reports
    from .report_terminal import print_review

    if file is not None and (deployed or stack is not None):
        typer.echo("--file stands alone: it takes neither --stack nor --deployed.", err=True)
        raise typer.Exit(EXIT_USAGE)
    pulumi = InstalledCli(cwd.resolve())
    try:
        packs = pack_folders(policy_pack or (), policy_pack_config or (), Path.cwd())
    except ReviewError as wrong:
        typer.echo(str(wrong), err=True)
        raise typer.Exit(EXIT_USAGE) from wrong
    with _said_in_one_line():
        subject = Subject(
            kind=SubjectKind.FILE if file else SubjectKind.DEPLOYED if deployed else SubjectKind.PREVIEW,
            folder=cwd.resolve(),
            stack="" if file else stack or selected_stack(pulumi),
            file=file.resolve() if file else None,
            packs=packs,
            tag_prefix=tag_prefix,
        )
        made = make_review(subject, pulumi, datetime.now(UTC))
        commit = commit_of(subject.folder)
        write_reports(made, out, commit.folder if commit else "")
    _print(lambda: print_review(made, out, Console()))
    raise typer.Exit(exit_code(made, fail_on))


@contextmanager
def _said_in_one_line() -> Iterator[None]:
    """Whatever breaks in here ends with 3: a traceback would end with 1, which means that there are findings."""
    try:
        yield
    except ReviewError as failed:
        typer.echo(str(failed), err=True)
        raise typer.Exit(EXIT_INCOMPLETE) from failed
    except Exception as broken:
        place = traceback.extract_tb(broken.__traceback__)[-1]
        # The text of the error stays away: it may hold what was being looked at.
        where = f"{Path(place.filename).name}:{place.lineno}"
        typer.echo(f"The review broke: {type(broken).__name__} at {where}. Nothing was judged.", err=True)
        raise typer.Exit(EXIT_INCOMPLETE) from broken


def _print(show: Callable[[], None]) -> None:
    """Shows it where the terminal can; the reports are written, and the exit code says the rest."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    try:
        show()
        sys.stdout.flush()
    except (OSError, SystemExit):  # nobody reads any more, as under `| head`; Rich then wants to exit with 1
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - the interpreter flushes it at its end
