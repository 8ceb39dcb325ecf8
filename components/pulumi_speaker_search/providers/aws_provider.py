"""What every provider of this package shares: reaching AWS, and what check and diff are made of.

A class of here is never pickled by itself: state holds the dotted paths of the classes in `providers`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import pulumi
from pulumi.dynamic import CheckFailure, CheckResult, ConfigureRequest, ResourceProvider

from ..lifecycle.aws_call import Aws
from ..lifecycle.aws_client import AwsSettings, client, settings_from_config
from ..lifecycle.clock import SystemClock
from ..lifecycle.ledger_memory import LedgerMemory
from ..lifecycle.rate import pace_of
from ..lifecycle.request_validation import Violation, describe_value
from ..pulumi_internals import prepare_provider_process
from ..pulumi_internals.engine_connection import engine_is_gone
from ..timeouts import DEFAULTS, LEAST, MOST
from .inputs import is_unknown

Props = dict[str, Any]
"""Properties as the engine sends them, by the names that state has."""

CLOCK: Final = SystemClock()
MEMORY: Final = LedgerMemory()
"""What this provider process knows without asking AWS; all providers share it."""


class AwsProvider(ResourceProvider):
    """A provider that reaches AWS as the stack's `aws:` config says."""

    serialize_as_secret_always = False  # the blob is a dotted path

    settings: AwsSettings = AwsSettings()

    def configure(self, req: ConfigureRequest) -> None:
        """Read the stack's `aws:` config and prepare the process. The engine calls it first."""
        prepare_provider_process()
        self.settings = settings_from_config(lambda key: req.config.get(f"aws:{key}"))

    def _aws(self, arn: str, *, region: str | None) -> Aws:
        """Return AWS in the region of `arn`: state alone decides where its resource is, whatever the config is today.

        Args:
            region: The input, instead of the region in the ARN.
        """
        settings = self.settings.in_region(region or arn.split(":")[3])
        return Aws(
            get_client=lambda service: client(settings, service),
            clock=CLOCK,
            engine_gone=engine_is_gone,
            warn=pulumi.log.warn,
            pace=pace_of(settings),
            memory=MEMORY,
        )


def check_result(news: Props, found: Iterable[Violation]) -> CheckResult:
    """Return the inputs with everything that is wrong with them."""
    # The engine prints the value of the property that a failure names, a secret too: so it is in the text alone.
    return CheckResult(news, [CheckFailure("", f"{fault.property}: {fault.message}") for fault in found])


def is_same_json(old: Any, new: Any) -> bool:
    """Compare two values as JSON: `1` and `true` are equal to Python, and different to whoever declared them."""
    if is_unknown(new):
        return is_unknown(old)
    return _canonical(old) == _canonical(new)


def _canonical(value: Any) -> str:
    return json.dumps(_with_floats(value), sort_keys=True, default=lambda unknown: f"unknown {id(unknown)}")


def _with_floats(value: Any) -> Any:
    """Return `value` with every number as the engine sends it."""
    if isinstance(value, Mapping):
        return {key: _with_floats(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_floats(item) for item in value]
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def removed_inputs(olds: Props, news: Props, names: tuple[str, ...]) -> Props:
    """Return the inputs that are not set any more, as None: the engine drops those from the outputs."""
    return {name: None for name in names if name in olds and name not in news}


def validate_timeouts(given: Any) -> Iterator[Violation]:
    """Yield the violations of the input `timeout_seconds`."""
    if given is None or is_unknown(given):
        return
    if not isinstance(given, dict):
        yield Violation("timeout_seconds", f"has to be an object of seconds for {', '.join(DEFAULTS)}")
        return
    for name, value in given.items():
        if name not in DEFAULTS:
            yield Violation(f"timeout_seconds.{name}", f"is not known; there are: {', '.join(DEFAULTS)}")
        elif not is_unknown(value) and not _is_valid_timeout(value):
            yield Violation(
                f"timeout_seconds.{name}",
                f"is {describe_value(value)}; it has to be {LEAST} to {MOST} seconds",
            )


def _is_valid_timeout(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and LEAST <= value <= MOST
