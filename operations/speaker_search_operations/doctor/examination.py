"""Make all checks of `speaker-search doctor`: first those of this machine, then those of AWS."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from pulumi_speaker_search.lifecycle.aws_client import AwsSettings, default_region
from pulumi_speaker_search.lifecycle.stack_record import StackRecord

from ..exit_codes import ExitCode
from ..review.pulumi_cli import InstalledCli
from .check import Check, Probe, Verdict, run_side_by_side
from .endpoints import endpoint_probes
from .identity import HOW_TO_SIGN_IN, identity_checks, region_checks
from .overrides import environment_check, override_check
from .permissions import permission_check
from .project import LOGIN, SELECT, StackReading, backend_check
from .quota_use import quota_probes
from .versions import INSTALL_ENGINE, engine_check, package_checks, plugin_check, python_check, running_python

SETUP: Final = "Run `make setup`, or install pulumi-speaker-search[operations] again."

PART_FOR_CALLS: Final = 0.8
"""Part of the time of a check during which calls to AWS are sent again."""

SIMULATION: Final = "docs/permissions/README.md has the actions."


def examine(
    cwd: Path, stack: str | None, region: str | None, role: str, timeout_seconds: float
) -> tuple[StackRecord | None, list[Check]]:
    """Return the state that was read, None without one, and every check.

    Args:
        role: The role in docs/permissions whose permissions are checked.
        timeout_seconds: After so many seconds a check is unknown.
    """
    pulumi = InstalledCli(cwd, timeout_seconds)
    reading = StackReading(cwd, stack, pulumi)
    checks = run_side_by_side(list(_local_probes(cwd, pulumi, reading)), timeout_seconds)
    settings = reading.settings.in_region(region)
    probes = list(_aws_probes(settings, reading.record, region, timeout_seconds))
    probes.append(
        Probe(f"permissions {role}", lambda: [permission_check(settings, reading.record, role)], SIMULATION)
    )
    return reading.record, [*checks, *run_side_by_side(probes, timeout_seconds)]


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
