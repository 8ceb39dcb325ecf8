"""`speaker-search doctor`: check everything that a search needs around it, and say what helps."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from ..options import Cwd, Json, Stack
from ..pulumi_backend import CommandError
from ..terminal import console
from .needed_permissions import roles
from .report import as_json as report
from .report import print_checks


def doctor(
    role: Annotated[
        str, typer.Option("--for", help="Check the permissions of this role in docs/permissions.")
    ] = "deployer",
    timeout: Annotated[
        float, typer.Option("--timeout", min=0.1, help="Seconds after which a check is unknown.")
    ] = 30.0,
    stack: Stack = None,
    cwd: Cwd = Path(),
    region: Annotated[
        str | None, typer.Option("--region", help="Default: the regions of config, environment and state.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Check engine, packages, stack, credentials, region, endpoints, quotas and permissions.

    Changes nothing. Each check says what was found and what helps. The checks run side by side: one that fails or hangs
    hides no other. Outside of a Pulumi project, everything but the stack is checked.

    Exit code 0: no problem; 1: a problem; 2: no problem was found, but something could not be checked, or the input is
    wrong; 3: the command failed.

    Example: speaker-search doctor --stack prod
    """
    if role not in roles():
        raise CommandError(
            f"--for {role} is no role of docs/permissions. The roles are: {', '.join(roles())}."
        )
    # Only here: the checks import botocore and more, for which no other command has to wait.
    from .examination import examine, exit_code

    record, checks = examine(cwd, stack, region, role, timeout)
    if as_json:
        typer.echo(json.dumps(report(record, checks), indent=2))
    else:
        print_checks(console(), checks)
    raise typer.Exit(exit_code(checks))
