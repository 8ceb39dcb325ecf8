"""`speaker-search`: the commands, and nothing else. Each command's work is in its own module."""

from __future__ import annotations

import typer

from .review.command import review
from .status import status
from .sweep_command import sweep

app = typer.Typer(
    help="Operate Amazon Chime SDK speaker searches that Pulumi declares.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,  # locals may hold credentials
)
app.command()(status)
app.command()(sweep)
app.command()(review)
