"""Define the options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Stack = Annotated[
    str | None,
    typer.Option(
        "--stack",
        "-s",
        help="The stack, also qualified (org/project/stack). Default: the selected stack.",
    ),
]
Cwd = Annotated[Path, typer.Option("--cwd", "-C", help="The folder of the Pulumi project.")]
Region = Annotated[str | None, typer.Option("--region", help="Default: every region that the state names.")]
AllStacks = Annotated[bool, typer.Option("--all-stacks", help="Every stack of the project in the backend.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON; docs/schemas describes it.")]
Yes = Annotated[
    bool,
    typer.Option("--yes", "-y", help="Also stop what is tied to this stack by the stack's name alone."),
]
