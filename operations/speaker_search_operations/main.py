"""`speaker-search`: the commands, and nothing else. Each command's work is in its own module."""

from __future__ import annotations

import typer

from .plain_exit import ends_plainly
from .review.command import review
from .status import status
from .stop_command import stop
from .sweep_command import sweep

app = typer.Typer(
    help="Operate Amazon Chime SDK speaker searches that Pulumi declares.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,  # locals may hold credentials
)
app.command()(ends_plainly(status))
app.command()(ends_plainly(stop))
app.command()(ends_plainly(sweep))
app.command()(review)
