"""A plan carried out: the storms, and what a tired operator does afterwards."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.chaos import account
from tests.chaos.command import Outcome, run_command
from tests.chaos.declaration import TIMEOUT_SECONDS, declare
from tests.chaos.plan import WITHOUT_CONSENT, Plan, Storm
from tests.chaos.questions import Answers, alive_ids, started_twice
from tests.chaos.workplace import StateUnreadableError, Workplace
from tests.sandbox_process import SandboxProcess


@dataclass(slots=True)
class Result:
    """What became of a run.

    Attributes:
        commands: Each command, how it ended and how long it took.
        fired: Kind of fault → how many calls it hit; blows and events are counted likewise.
    """

    plan: Plan
    answers: Answers = field(default_factory=Answers)
    commands: list[str] = field(default_factory=list)
    fired: dict[str, int] = field(default_factory=dict)
    calls: int = 0


class Run:
    """One run in a sandbox that is emptied first."""

    def __init__(self, sandbox: SandboxProcess, plan: Plan) -> None:
        self.plan = plan
        self.sandbox = sandbox
        self.control = sandbox.control
        self.result = Result(plan)
        self.answers = self.result.answers
        self.tags: Mapping[str, str] = dict(account.CONSENT)
        self.triggers = 0
        self.create_timeout_seconds = plan.create_timeout_seconds

    def carry_out(self) -> Result:
        self.control.reset()
        self.control.set_transitions(**self.plan.transitions)
        self.account = account.set_up(self.sandbox.endpoint, self.plan.searches)
        self.streams = dict(self.account.streams)
        self.control.set_latency(self.plan.latency_seconds)
        folder = Path(tempfile.mkdtemp(prefix="chaos-"))
        self.place = Workplace(folder, self.sandbox.environment, self.control)
        try:
            for storm in self.plan.storms:
                self._storm(storm)
            if not self.plan.gives_up:
                self._recover()
            self._leave(self._storm(self.plan.farewell))
        except StateUnreadableError as broken:
            self.answers.count("states that can't be loaded", [str(broken)])
        finally:
            for kind, count in self.control.fired_faults().items():
                self._fired(kind, count)
            self.result.calls = sum(self.control.call_counts().values())
            self.place.close()
        return self.result

    def _declaration(self) -> str:
        return declare(
            self.account,
            streams=self.streams,
            tags=self.tags,
            triggers=self.triggers,
            create_timeout_seconds=self.create_timeout_seconds,
            verify_live_tags=self.plan.verify_live_tags,
        )

    def _command(self, *words: str, storm: Storm | None = None) -> Outcome:
        outcome = run_command(
            self.place,
            *words,
            declaration=self._declaration(),
            blow=storm.blow if storm else None,
            event=storm.event if storm else None,
        )
        self.result.commands.append(f"{outcome.command}: {outcome.code} in {outcome.seconds:.1f} s")
        if outcome.hung:
            self.answers.troubles.append(f"`{outcome.command}` did not end:\n{outcome.tail()}")
        if "Traceback" in outcome.text and "lifecycle" in outcome.text.rsplit("Traceback", 1)[1]:
            self.result.commands.append(outcome.tail(8))
        return outcome

    def _fired(self, kind: str, count: int = 1) -> None:
        self.result.fired[kind] = self.result.fired.get(kind, 0) + count

    def _cancel_if_locked(self) -> None:
        if self.place.is_locked():
            self._command("cancel")

    def _storm(self, storm: Storm) -> Outcome:
        self._cancel_if_locked()
        without_consent = storm.change in WITHOUT_CONSENT
        if without_consent:
            # Else a start that an earlier, killed command had under way could be counted against this one.
            self.place.end_stragglers()
        self._change(storm)
        began = datetime.now(UTC)
        for fault in storm.faults:
            self.control.add_fault(**_arguments(fault))
        outcome = self._command(storm.command, storm=storm)
        if storm.blow and outcome.struck:
            self._fired(storm.blow.kind)
        if storm.event:
            self._fired(storm.event.kind)
        self.control.clear_faults()
        if without_consent:
            self.place.end_stragglers()
            self._count_starts_since(began)
            self._give_consent_again()
        return outcome

    def _change(self, storm: Storm) -> None:
        match storm.change:
            case "triggers":
                self.triggers += 1
            case "one search less":
                self.streams.pop(next(iter(self.streams)))
            case "consent withdrawn":
                self.tags = account.withdrawn()
            case "consent over":
                self.tags = account.over()
            case "domain withdrawn in AWS":
                self.triggers += 1
                account.tag_domain(self.account, account.withdrawn())
            case "stream withdrawn in AWS":
                self.triggers += 1
                for name in self.account.streams:
                    account.tag_stream(self.account, name, account.withdrawn())
        if storm.change != "none":
            self._fired(storm.change)

    def _count_starts_since(self, began: datetime) -> None:
        late = [
            task for task in self.control.tasks(ended=True) if datetime.fromisoformat(task["created"]) > began
        ]
        self.answers.count("starts without consent", [task["task_id"] for task in late])

    def _give_consent_again(self) -> None:
        self.tags = account.given_again()
        account.tag_domain(self.account, self.tags)
        for name in self.account.streams:
            account.tag_stream(self.account, name, self.tags)

    def _recover(self) -> None:
        """`cancel`, `up --refresh`; where something has ended, `triggers` and `up` again; then sweep."""
        self.create_timeout_seconds = TIMEOUT_SECONDS
        self._cancel_if_locked()
        outcome = self._command("up", "--refresh")
        if outcome.code:
            self.triggers += 1
            outcome = self._command("up", "--refresh")
        if outcome.code:
            self.answers.troubles.append(f"the recovery failed:\n{outcome.tail()}")
            return
        lost = self._orphans()
        if self.plan.keeps_declaration:
            self.answers.count("in no state", sorted(lost))
        if self.plan.sweeps_between or (lost and not self.plan.keeps_declaration):
            before = alive_ids(self.control)
            self.place.sweep(stop=True)
            self.answers.found_by_sweep += len(lost)
            after = alive_ids(self.control)
            if before - lost - after:
                self.answers.troubles.append(
                    f"sweep ended {sorted(before - lost - after)}, which are in state"
                )
            self.answers.count("in no state", sorted(self._orphans()))

    def _orphans(self) -> frozenset[str]:
        return alive_ids(self.control) - self.place.state().ids

    def _leave(self, farewell: Outcome) -> None:
        """`cancel` and `destroy` again where it did not end well, then `sweep --stop`."""
        self._cancel_if_locked()
        if farewell.code or farewell.struck:  # a destroy that ^C ended says 0 all the same
            outcome = self._command("destroy")
            if outcome.code:
                self.answers.troubles.append(f"the last destroy failed:\n{outcome.tail()}")
        self.answers.found_by_sweep += len(alive_ids(self.control))
        code, _ = self.place.sweep(stop=True)
        if code:
            self.answers.troubles.append(f"sweep --stop ended with {code}")
        self.answers.count("running after destroy and sweep", sorted(alive_ids(self.control)))
        self.answers.count("started twice", started_twice(self.control))
        self.place.state()


def _arguments(fault: Any) -> dict[str, Any]:
    return {name: getattr(fault, name) for name in fault.__slots__}
