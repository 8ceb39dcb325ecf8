"""What the providers of the ephemeral resources share: checking, comparing, reaching AWS.

A class of here is never pickled by itself: state holds the dotted paths of the classes in `providers`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Final

import pulumi
from pulumi.dynamic import CheckFailure, CheckResult, ConfigureRequest, DiffResult, ResourceProvider

from ..consent.consent_value import problems_of
from ..lifecycle.aws_call import Aws
from ..lifecycle.aws_client import AwsSettings, client, settings_from_config
from ..lifecycle.clock import SystemClock
from ..lifecycle.ledger import PREFIX
from ..lifecycle.ledger_memory import LedgerMemory
from ..lifecycle.outcome import NOT_STARTED
from ..lifecycle.rate import pace_of
from ..lifecycle.request_schema import Rule
from ..lifecycle.request_validation import Violation, describe_value, validate, validate_json, validate_tags
from ..pulumi_internals import prepare_provider_process
from ..pulumi_internals.engine_connection import engine_is_gone
from ..timeouts import DEFAULTS, LEAST, MOST
from .inputs import EphemeralInputs, Record, is_unknown

Props = dict[str, Any]
"""Properties as the engine sends them, by the names that state has."""

CLOCK: Final = SystemClock()
MEMORY: Final = LedgerMemory()
"""What this provider process knows without asking AWS; both providers share it."""


class EphemeralProvider(ResourceProvider):
    """The provider of a job in AWS that runs once and can't be changed."""

    serialize_as_secret_always = False  # the blob is a dotted path

    rules: ClassVar[Mapping[str, Rule]]
    replacing: ClassVar[tuple[str, ...]]
    """Inputs of which a change ends the task or pipeline and starts another."""
    in_place: ClassVar[tuple[str, ...]]
    """Inputs that change without that."""
    status_property: ClassVar[str]
    max_tags: ClassVar[int]

    settings: AwsSettings = AwsSettings()

    def configure(self, req: ConfigureRequest) -> None:
        """Read the stack's `aws:` config and prepare the process. The engine calls it first."""
        prepare_provider_process()
        self.settings = settings_from_config(lambda key: req.config.get(f"aws:{key}"))

    def check(self, _olds: Props, news: Props) -> CheckResult:
        """Return the inputs with everything that is wrong with them. AWS is not called."""
        MEMORY.declare(str(news.get("origin")))
        found = [*validate(self.rules, news, is_unknown), *self._validate_own_inputs(news)]
        # The engine prints the value of the property that a failure names, a secret too: so it is in the text alone.
        return CheckResult(news, [CheckFailure("", f"{fault.property}: {fault.message}") for fault in found])

    def _validate_own_inputs(self, news: Props) -> Iterator[Violation]:
        yield from validate_tags(news.get("tags"), is_unknown, max_tags=self._max_tags(news))
        yield from _validate_ledger_tags(news.get("tags"))
        yield from validate_json("triggers", news.get("triggers"), is_unknown)
        given = news.get("timeout_seconds")
        if isinstance(given, dict):
            yield from _validate_timeouts(given)
        elif given is not None and not is_unknown(given):
            yield Violation("timeout_seconds", f"has to be an object of seconds for {', '.join(DEFAULTS)}")

    def _max_tags(self, _news: Props) -> int:
        return self.max_tags

    def diff(self, _id: str, _olds: Props, _news: Props) -> DiffResult:
        """Return what a change of the inputs means: nothing, an update in place or a replacement."""
        replaces = [name for name in self.replacing if not self._is_same(name, _olds, _news)]
        old, new = EphemeralInputs.parse(_olds), EphemeralInputs.parse(_news)
        if _is_to_adopt(_id, old, new):
            replaces.append("adopt")
        if _id == NOT_STARTED and new.listen:
            replaces.append("listen")  # its first search: the declaration has had none
        changed = any(not is_same_json(_olds.get(name), _news.get(name)) for name in self.in_place)
        changed = changed or self._has_to_end(_id, _olds, new) or self._has_drifted(_olds, new)
        return DiffResult(changes=bool(replaces) or changed, replaces=replaces, delete_before_replace=True)

    def _is_same(self, name: str, olds: Props, news: Props) -> bool:
        """Return whether an input that replaces is unchanged."""
        return is_same_json(olds.get(name), news.get(name))

    def _record(self, outputs: Props) -> Record:
        """Return what state holds of the start."""
        return Record.parse(outputs, status_property=self.status_property)

    def _may_listen(self, id_: str, outputs: Props) -> bool:
        """Return whether the resource in state may listen, as of the last read."""
        return id_ != NOT_STARTED and not self._record(outputs).is_final

    def _has_to_end(self, id_: str, olds: Props, new: EphemeralInputs) -> bool:
        """Return whether what may listen has to be stopped: it is declared so, or its consent does not hold now."""
        if not self._may_listen(id_, olds):
            return False
        if new.tags is None:
            return not new.listen
        return not new.listen or bool(problems_of(new.tags, today=CLOCK.now().date()))

    def _updated(self, olds: Props, news: Props) -> Props:
        """Return the outputs after a change in place: the URN under which the ledger knows the start stays."""
        return {
            **olds,
            **_removed_inputs(olds, news, self.in_place),
            **news,
            "origin": olds.get("origin") or news.get("origin"),
        }

    def _has_drifted(self, _olds: Props, _new: EphemeralInputs) -> bool:
        """Return whether AWS has something else than is declared, as of the last refresh."""
        return False

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


def _is_to_adopt(id_: str, old: EphemeralInputs, new: EphemeralInputs) -> bool:
    """Return whether another resource than the present one is to be taken over.

    Adopting acts once: to leave `adopt` out afterwards, or to name what is in state already, changes nothing.
    """
    if new.adopt is None or new.adopt == old.adopt:
        return False
    return new.adopt.rsplit("/", 1)[-1] != id_


def _removed_inputs(olds: Props, news: Props, names: tuple[str, ...]) -> Props:
    """Return the inputs that are not set any more, as None: the engine drops those from the outputs."""
    return {name: None for name in names if name in olds and name not in news}


def _validate_ledger_tags(tags: Any) -> Iterator[Violation]:
    for key in tags if isinstance(tags, Mapping) else ():
        if str(key).startswith(PREFIX):
            yield Violation(
                f'tags["{key}"]', f"starts with {PREFIX}, which is reserved for the ledger of running tasks"
            )


def _validate_timeouts(given: Mapping[str, Any]) -> Iterator[Violation]:
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
