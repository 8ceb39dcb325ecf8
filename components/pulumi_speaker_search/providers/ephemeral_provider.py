"""What the providers of the ephemeral resources share: checking, comparing, reaching AWS.

A class of here is never pickled by itself: state holds the dotted paths of the classes in `providers`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, ClassVar, Final

import pulumi
from pulumi.dynamic import CheckFailure, CheckResult, ConfigureRequest, DiffResult, ResourceProvider
from pulumi.output import Unknown
from pulumi.runtime import rpc

from ..consent.consent_value import problems_of
from ..lifecycle.aws_call import Aws
from ..lifecycle.aws_client import AwsSettings, client, settings_from_config
from ..lifecycle.clock import SystemClock
from ..lifecycle.ledger import PREFIX
from ..lifecycle.ledger_memory import LedgerMemory
from ..lifecycle.outcome import FINAL, NOT_STARTED, Outcome, recorded_outcome
from ..lifecycle.rate import pace_of
from ..lifecycle.request_check import Fault, faults, json_faults, shown, tag_faults
from ..lifecycle.request_rules import Rule
from ..pulumi_internals import prepare_provider_process
from ..pulumi_internals.engine_connection import engine_is_gone
from ..timeouts import DEFAULTS, LEAST, MOST

Props = dict[str, Any]

CLOCK: Final = SystemClock()
MEMORY: Final = LedgerMemory()
"""What this provider process knows without asking AWS; both providers share it."""


def is_unknown(value: Any) -> bool:
    """Tell whether a preview does not know the value. SDK 3.272 hands over an object, older ones the sentinel."""
    return isinstance(value, Unknown) or value == rpc.UNKNOWN


class EphemeralProvider(ResourceProvider):
    """The provider of a job in AWS that runs once and can't be changed."""

    serialize_as_secret_always = False  # the blob is a dotted path

    rules: ClassVar[Mapping[str, Rule]]
    replacing: ClassVar[tuple[str, ...]]
    """Inputs of which a change ends what runs and starts anew."""
    in_place: ClassVar[tuple[str, ...]]
    """Inputs that change without that."""
    status_property: ClassVar[str]
    tags_most: ClassVar[int]

    settings: AwsSettings = AwsSettings()

    def configure(self, req: ConfigureRequest) -> None:
        """Read the stack's `aws:` config and prepare the process. The engine calls it first."""
        prepare_provider_process()
        self.settings = settings_from_config(lambda key: req.config.get(f"aws:{key}"))

    def check(self, _olds: Props, news: Props) -> CheckResult:
        """Return the inputs with everything that is wrong with them. AWS is not called."""
        MEMORY.declare(str(news.get("origin")))
        found = [*faults(self.rules, news, is_unknown), *self._own_faults(news)]
        # The engine prints the value of the property that a failure names, a secret too: so it is in the text alone.
        return CheckResult(news, [CheckFailure("", f"{fault.property}: {fault.reason}") for fault in found])

    def _own_faults(self, news: Props) -> Iterator[Fault]:
        yield from tag_faults(news.get("tags"), is_unknown, most=self._tags_most(news))
        yield from _ledger_tag_faults(news.get("tags"))
        yield from json_faults("triggers", news.get("triggers"), is_unknown)
        given = news.get("timeout_seconds")
        if isinstance(given, dict):
            yield from _timeout_faults(given)
        elif given is not None and not is_unknown(given):
            yield Fault("timeout_seconds", f"has to be an object of seconds for {', '.join(DEFAULTS)}")

    def _tags_most(self, _news: Props) -> int:
        return self.tags_most

    def diff(self, _id: str, _olds: Props, _news: Props) -> DiffResult:
        """Tell what a change of the inputs means: nothing, an update in place or a replacement."""
        olds, news = _olds, _news
        replaces = [name for name in self.replacing if not self._is_same(name, olds, news)]
        if _is_to_adopt(_id, olds, news):
            replaces.append("adopt")
        if _id == NOT_STARTED and news.get("listen") is not False:
            replaces.append("listen")  # its first search: the declaration has had none
        changed = any(not is_same_json(olds.get(name), news.get(name)) for name in self.in_place)
        changed = changed or self._has_to_end(_id, olds, news) or self._has_drifted(olds, news)
        return DiffResult(changes=bool(replaces) or changed, replaces=replaces, delete_before_replace=True)

    def _is_same(self, name: str, olds: Props, news: Props) -> bool:
        """Tell whether an input that replaces is unchanged."""
        return is_same_json(olds.get(name), news.get(name))

    def _has_to_end(self, id_: str, olds: Props, news: Props) -> bool:
        """Tell whether what may listen has to be stopped: it is declared so, or its consent does not hold now."""
        if id_ == NOT_STARTED or recorded_outcome(olds, self.status_property) in FINAL:
            return False
        tags = news.get("tags") or {}
        if is_unknown(tags) or any(is_unknown(value) for value in tags.values()):
            return news.get("listen") is False
        return news.get("listen") is False or bool(problems_of(tags, today=CLOCK.now().date()))

    def _has_drifted(self, _olds: Props, _news: Props) -> bool:
        """Tell whether AWS has something else than is declared, as of the last refresh."""
        return False

    def _aws(self, props: Props, arn: str) -> Aws:
        """AWS in the region of `arn`: state alone says where its resource is, whatever the config says today."""
        region = props.get("region") or arn.split(":")[3]
        settings = self.settings.in_region(region)
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


def _is_to_adopt(id_: str, olds: Props, news: Props) -> bool:
    """Tell whether another resource than the present one is to be taken over.

    Adopting acts once: to leave `adopt` out afterwards, or to name what is in state already, changes nothing.
    """
    wanted = news.get("adopt")
    if not wanted or is_unknown(wanted) or wanted == olds.get("adopt"):
        return False
    return str(wanted).rsplit("/", 1)[-1] != id_


def age_seconds(props: Props) -> float | None:
    """Return how long ago AWS accepted the start, None where state does not say."""
    accepted = props.get("accepted_at")
    return None if not accepted else (CLOCK.now() - datetime.fromisoformat(accepted)).total_seconds()


def outcome_without_aws(props: Props, status_property: str) -> str:
    """Return the outcome of what AWS does not know any more: it ended, where that was seen before, else it is gone."""
    recorded = recorded_outcome(props, status_property)
    return recorded.value if recorded in FINAL else Outcome.GONE.value


def dropped(olds: Props, news: Props, names: tuple[str, ...]) -> Props:
    """Return the inputs that are not set any more, as None: the engine drops those from the outputs."""
    return {name: None for name in names if name in olds and name not in news}


def _ledger_tag_faults(tags: Any) -> Iterator[Fault]:
    for key in tags if isinstance(tags, Mapping) else ():
        if str(key).startswith(PREFIX):
            yield Fault(
                f'tags["{key}"]', f"starts with {PREFIX}, under which the ledger of running searches stands"
            )


def _timeout_faults(given: Mapping[str, Any]) -> Iterator[Fault]:
    for name, value in given.items():
        if name not in DEFAULTS:
            yield Fault(f"timeout_seconds.{name}", f"is not known; there are: {', '.join(DEFAULTS)}")
        elif not is_unknown(value) and not _is_time_out(value):
            yield Fault(
                f"timeout_seconds.{name}", f"is {shown(value)}; it has to be {LEAST} to {MOST} seconds"
            )


def _is_time_out(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and LEAST <= value <= MOST
