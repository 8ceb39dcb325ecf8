"""How the program of a stack reaches AWS: as the stack's config declares.

One Python process may run the programs of several stacks (Automation API), so the settings are kept for each connection
to an engine, which is one run of one program, and never for the process. Clients are kept by settings, so equal ones
share theirs.

What an inline program can't see is `LocalWorkspaceOptions(env_vars=…)`: those reach the engine and its providers, and
not the process in which the program runs. So there the caller's account is compared with that of the task before it is
fetched, and if they differ nothing is fetched, and a warning is shown.
"""

from __future__ import annotations

import os
from dataclasses import replace
from typing import Any, Final
from weakref import WeakKeyDictionary

import pulumi
from pulumi.runtime.settings import get_monitor

from ..declaration_error import DeclarationError
from ..lifecycle.aws_config import InvalidSettingsError
from ..lifecycle.aws_settings import AwsSettings, settings_from_config, unknown_keys

AWS: Final = "aws:"

_warned: set[tuple[str, str]] = set()
"""The stacks whose program has heard of keys that are not known. One process may run several programs."""

_settings: Final[WeakKeyDictionary[Any, AwsSettings]] = WeakKeyDictionary()
"""By the connection to the engine."""


def settings_of_this_stack() -> AwsSettings:
    """Return the settings of the stack whose program is declaring resources at this moment.

    Raises:
        DeclarationError: A key of `aws:` config does not hold what it has to, or is not supported.
    """
    engine = get_monitor()
    if engine is None:
        return _read()
    if engine not in _settings:
        _settings[engine] = _read()
    return _settings[engine]


def _read() -> AwsSettings:
    _warn_of_unknown_keys()
    try:
        return settings_from_config(pulumi.Config("aws").get)
    except InvalidSettingsError as wrong:
        raise DeclarationError(str(wrong)) from None


def _warn_of_unknown_keys() -> None:
    """Say once which `aws:` keys mean nothing to pipelines and tasks: a misspelt `allowedAccountIds` guards nothing."""
    every = {**pulumi.runtime.config.get_config_env(), **pulumi.runtime.config.CONFIG.get()}
    keys = unknown_keys(key.removeprefix(AWS) for key in every if key.startswith(AWS))
    stack = (pulumi.get_project(), pulumi.get_stack())
    if keys and stack not in _warned:
        _warned.add(stack)
        named = ", ".join(f"{AWS}{key}" for key in keys)
        pulumi.log.warn(
            f"{named}: not known to speaker search, and without effect on its pipelines and tasks."
        )


def settings_for_reads_of(arn: str, *, region: str | None, settings: AwsSettings) -> AwsSettings:
    """Return the settings for reads of what belongs to the resource with this ARN.

    They are in its region, and only in its account where the program may not see what its provider sees.

    Args:
        region: Instead of the one in the ARN.
    """
    parts = arn.split(":")
    placed = settings.in_region(region or parts[3])
    return replace(placed, account_id=parts[4]) if _is_inline() else placed


def _is_inline() -> bool:
    """Return whether the program runs inside a process of its user's.

    The language host gives its own process the config in this variable.
    """
    return "PULUMI_CONFIG" not in os.environ
