"""Options that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Stack = Annotated[
    str | None,
    typer.Option(
        "--stack", "-s", help="The stack, also qualified: org/project/stack; by default the selected one."
    ),
]
Cwd = Annotated[Path, typer.Option("--cwd", "-C", help="The folder of the Pulumi project.")]
Region = Annotated[str | None, typer.Option("--region", help="By default every region that state names.")]
Json = Annotated[bool, typer.Option("--json", help="For scripts; docs/schemas describes it.")]
Yes = Annotated[
    bool, typer.Option("--yes", "-y", help="End also what only the name of this stack speaks for.")
]
