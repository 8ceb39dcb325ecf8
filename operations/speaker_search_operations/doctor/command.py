"""`speaker-search doctor`: check everything that a search needs around it, and say what helps."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Final

import typer
from pulumi_speaker_search.lifecycle.aws_client import AwsSettings, default_region
from pulumi_speaker_search.lifecycle.stack_record import StackRecord

from ..exit_codes import ExitCode
from ..options import Cwd, Json, Stack
from ..pulumi_backend import CommandError
from ..review.pulumi_cli import InstalledCli
from ..terminal import console
from .check import Check, Probe, Verdict, run_side_by_side
from .endpoints import endpoint_probes
from .identity import HOW_TO_SIGN_IN, identity_checks, region_checks
from .needed_permissions import roles
from .overrides import environment_check, override_check
from .permissions import permission_check
from .project import LOGIN, SELECT, StackReading, backend_check
from .quota_use import quota_probes
from .report import as_json as report
from .report import print_checks
from .versions import INSTALL_ENGINE, engine_check, package_checks, plugin_check, python_check, running_python

SETUP: Final = "Run `make setup`, or install pulumi-speaker-search[operations] again."


PART_FOR_CALLS: Final = 0.8
"""Part of the time of a check during which calls to AWS are sent again."""

SIMULATION: Final = "docs/permissions/README.md has the actions."


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
    pulumi = InstalledCli(cwd, timeout)
    reading = StackReading(cwd, stack, pulumi)
    checks = run_side_by_side(list(_local_probes(cwd, pulumi, reading)), timeout)
    settings = reading.settings.in_region(region)
    probes = list(_aws_probes(settings, reading.record, region, timeout))
    probes.append(
        Probe(f"permissions {role}", lambda: [permission_check(settings, reading.record, role)], SIMULATION)
    )
    checks += run_side_by_side(probes, timeout)
    if as_json:
        typer.echo(json.dumps(report(reading.record, checks), indent=2))
    else:
        print_checks(console(), checks)
    raise typer.Exit(exit_code(checks))


def exit_code(checks: Sequence[Check]) -> ExitCode:
    """Return the exit code: unknown is not ok."""
    verdicts = {check.verdict for check in checks}
    if Verdict.PROBLEM in verdicts:
        return ExitCode.FINDINGS
    return ExitCode.UNREADABLE if Verdict.UNKNOWN in verdicts else ExitCode.OK


def _local_probes(folder: Path, pulumi: InstalledCli, reading: StackReading) -> Iterator[Probe]:
    yield Probe("python", lambda: [python_check(running_python())], SETUP)
    yield Probe("package", lambda: list(package_checks(folder)), SETUP)
    yield Probe("engine", lambda: [engine_check(pulumi)], INSTALL_ENGINE)
    yield Probe("aws plugin", lambda: [plugin_check(pulumi, os.environ)], INSTALL_ENGINE)
    yield Probe("backend", lambda: [backend_check(pulumi)], LOGIN)
    yield Probe("stack", reading.run, SELECT)
    yield Probe("environment", lambda: [environment_check(os.environ)], "")


def _aws_probes(
    settings: AwsSettings, record: StackRecord | None, region: str | None, timeout_seconds: float
) -> Iterator[Probe]:
    regions = _regions(settings, record, region)
    yield Probe("endpoint overrides", lambda: [override_check(settings, os.environ)], HOW_TO_SIGN_IN)
    yield Probe("credentials", lambda: identity_checks(settings), HOW_TO_SIGN_IN)
    yield Probe("region", lambda: list(region_checks(regions)), HOW_TO_SIGN_IN)
    for name in regions:
        yield from endpoint_probes(settings.in_region(name), timeout_seconds / 4)
        yield from quota_probes(settings.in_region(name), record, timeout_seconds * PART_FOR_CALLS)


def _regions(settings: AwsSettings, record: StackRecord | None, region: str | None) -> list[str]:
    """Return the regions to check: the given one, or that of config or environment and those of the state."""
    from botocore.exceptions import BotoCoreError

    if region:
        return [region]
    try:
        usual = default_region(settings)
    except BotoCoreError:  # no such profile, which the check of the credentials reports
        usual = None
    of_state = {one.region for one in (record.resources if record else ()) if one.region}
    return sorted(of_state | ({usual} if usual else set()))
