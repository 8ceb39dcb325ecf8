"""Register the commands of `speaker-search`. The work of each command is in its own module."""

from __future__ import annotations

import typer

from .doctor.command import doctor
from .exit_codes import with_exit_codes
from .expiring.command import expiring
from .results.command import results
from .review.command import review
from .status import status
from .stop_command import stop
from .sweep_command import sweep
from .withdraw.command import withdraw

app = typer.Typer(
    help="Operate the Amazon Chime SDK speaker searches that Pulumi stacks declare.",
    no_args_is_help=True,
    pretty_exceptions_show_locals=False,  # locals may hold credentials
)
app.command()(with_exit_codes(status))
app.command()(with_exit_codes(stop))
app.command()(with_exit_codes(sweep))
app.command()(with_exit_codes(withdraw))
app.command()(with_exit_codes(results))
app.command()(with_exit_codes(expiring))
app.command()(with_exit_codes(doctor))
app.command()(review)
