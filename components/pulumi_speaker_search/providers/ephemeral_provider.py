"""What the providers of the ephemeral resources share: checking and comparing.

A class of here is never pickled by itself: state holds the dotted paths of the classes in `providers`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from pulumi.dynamic import CheckResult, DiffResult

from ..consent.consent_value import problems_of
from ..lifecycle.ledger import PREFIX
from ..lifecycle.outcome import NOT_STARTED
from ..lifecycle.request_schema import Rule
from ..lifecycle.request_validation import Violation, validate, validate_json, validate_tags
from .aws_provider import (
    CLOCK,
    MEMORY,
    AwsProvider,
    Props,
    check_result,
    is_same_json,
    removed_inputs,
    validate_timeouts,
)
from .inputs import EphemeralInputs, Record, is_unknown


class EphemeralProvider(AwsProvider):
    """The provider of a job in AWS that runs once and can't be changed."""

    rules: ClassVar[Mapping[str, Rule]]
    replacing: ClassVar[tuple[str, ...]]
    """Inputs of which a change ends the task or pipeline and starts another."""
    in_place: ClassVar[tuple[str, ...]]
    """Inputs that change without that."""
    status_property: ClassVar[str]
    max_tags: ClassVar[int]

    def check(self, _olds: Props, news: Props) -> CheckResult:
        """Return the inputs with everything that is wrong with them. AWS is not called."""
        MEMORY.declare(str(news.get("origin")))
        found = [*validate(self.rules, news, is_unknown), *self._validate_own_inputs(news)]
        return check_result(news, found)

    def _validate_own_inputs(self, news: Props) -> Iterator[Violation]:
        yield from validate_tags(news.get("tags"), is_unknown, max_tags=self._max_tags(news))
        yield from _validate_ledger_tags(news.get("tags"))
        yield from validate_json("triggers", news.get("triggers"), is_unknown)
        yield from validate_timeouts(news.get("timeout_seconds"))

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
            **removed_inputs(olds, news, self.in_place),
            **news,
            "origin": olds.get("origin") or news.get("origin"),
        }

    def _has_drifted(self, _olds: Props, _new: EphemeralInputs) -> bool:
        """Return whether AWS has something else than is declared, as of the last refresh."""
        return False


def _is_to_adopt(id_: str, old: EphemeralInputs, new: EphemeralInputs) -> bool:
    """Return whether another resource than the present one is to be taken over.

    Adopting acts once: to leave `adopt` out afterwards, or to name what is in state already, changes nothing.
    """
    if new.adopt is None or new.adopt == old.adopt:
        return False
    return new.adopt.rsplit("/", 1)[-1] != id_


def _validate_ledger_tags(tags: Any) -> Iterator[Violation]:
    for key in tags if isinstance(tags, Mapping) else ():
        if str(key).startswith(PREFIX):
            yield Violation(
                f'tags["{key}"]', f"starts with {PREFIX}, which is reserved for the ledger of running tasks"
            )
