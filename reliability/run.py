"""Execute a plan: the disturbed commands, then the operator's recovery."""

from __future__ import annotations

import tempfile
import time
import traceback
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reliability import account, interventions
from reliability.command import Outcome, run_command
from reliability.declaration import Search, declare
from reliability.operator import Operator
from reliability.plan import WITHOUT_CONSENT, Plan, Step
from reliability.profiles import Enrolments, Heard, hear
from reliability.questions import Answers, alive_ids
from reliability.starts import Asked
from reliability.withdrawals import Withdrawals
from reliability.workplace import StateUnreadableError, Workplace
from sandbox.control import TaskRow
from tests.sandbox_process import SandboxProcess


@dataclass(slots=True)
class Result:
    """The result of a run.

    Attributes:
        commands: Each command, with exit code and duration.
        fired: Number of calls per kind of fault; interruptions, events and interventions are counted as well.
    """

    plan: Plan
    answers: Answers = field(default_factory=Answers)
    commands: list[str] = field(default_factory=list)
    fired: dict[str, int] = field(default_factory=dict)
    calls: int = 0


class Run:
    """One run, in a sandbox that is reset first.

    Attributes:
        searches: The searches declared in the stack, by the name of the stream.
        moved: The searches declared in the other stack.
        let_go: Ids of tasks that were removed from every state while they were running.
    """

    def __init__(self, sandbox: SandboxProcess, plan: Plan) -> None:
        self.plan = plan
        self.sandbox = sandbox
        self.control = sandbox.control
        self.result = Result(plan)
        self.answers = self.result.answers
        self.tags: Mapping[str, str] = dict(account.CONSENT)
        self.triggers = 0
        self.create_timeout_seconds = plan.create_timeout_seconds
        self.moved: dict[str, Search] = {}
        self.let_go: set[str] = set()
        self.enrolled_from: Heard | None = None
        self.steps = 0
        self.asked = Asked()
        self.operator = Operator(self)

    def execute(self) -> Result:
        """Execute the plan, and return the result."""
        self._set_up()
        try:
            for step in self.plan.steps:
                self._step(step)
            if not self.plan.skips_recovery:
                self.operator.recover()
            self.operator.leave(self._step(self.plan.first_destroy))
        except StateUnreadableError as broken:
            self.answers.count("states that can't be loaded", [str(broken)])
        except Exception:  # noqa: BLE001 # one run failed; the series goes on
            self.answers.troubles.append(f"the run itself failed:\n{traceback.format_exc()}")
        finally:
            for kind, count in self.control.fired_faults().items():
                self._fired(kind, count)
            self.result.calls = sum(self.control.call_counts().values())
            self.place.close()
        return self.result

    def _set_up(self) -> None:
        plan = self.plan
        self.control.reset()
        self.account = account.set_up(self.sandbox.endpoint, plan.searches)
        self.enrolments = Enrolments(self.account, self.control)
        if plan.profile:
            self.enrolled_from = hear(self.account, self.control)
        self.control.set_transitions(**plan.transitions)
        self.control.set_switches(**plan.switches)
        self.control.set_quotas(**plan.quotas)
        for stream_arn in self.account.streams.values():
            self.control.set_media(stream_arn, plan.audio == "speech")
        self.control.set_latency(plan.latency_seconds)
        self.searches = {
            name: Search.named(name, arn, tone=plan.tone) for name, arn in self.account.streams.items()
        }
        self.withdrawals = Withdrawals(self.account, self.control)
        variables = {
            **self.sandbox.environment,
            "SPEAKER_SEARCH_API_CALLS_PER_SECOND": str(plan.calls_per_second),
        }
        self.place = Workplace(Path(tempfile.mkdtemp(prefix="chaos-")), variables, self.control)

    # One command

    def command(
        self,
        *words: str,
        step: Step | None = None,
        stack: str | None = None,
        variables: Mapping[str, str] | None = None,
    ) -> Outcome:
        """Run a command with the current declaration, and check its effects."""
        searches = self.moved if stack else self.searches
        self.enrolments.new()  # of an earlier, killed command
        self.withdrawals.forget_gone()
        if words[0] != "cancel":  # it starts nothing: later starts belong to the command before
            self.asked.note(
                time.time(),
                words[0],
                searches.values(),
                triggers=self.triggers,
                consent=self.consent_is_given,
            )
        outcome = run_command(
            self.place,
            *words,
            declaration=self._declaration(searches),
            interruption=step.interruption if step else None,
            event=step.event if step else None,
            stack=stack,
            variables=variables,
        )
        self.result.commands.append(
            f"{outcome.command}{f' of {stack}' if stack else ''}: {outcome.code} in {outcome.seconds:.1f} s"
        )
        if outcome.hung:
            self.answers.troubles.append(f"`{outcome.command}` did not end:\n{outcome.tail()}")
        if "Traceback" in outcome.text and "lifecycle" in outcome.text.rsplit("Traceback", 1)[1]:
            self.result.commands.append(outcome.tail(8))
        self.answers.count(
            "ended or started against a withdrawal in AWS",
            [f"{arn} does not say withdrawn any more" for arn in self.withdrawals.overwritten()],
        )
        self._check_enrolments(words[0])
        return outcome

    def _check_enrolments(self, command: str) -> None:
        new = [f"{sentence} during {command}" for sentence in self.enrolments.new()]
        if not self.consent_is_given:
            self.answers.count("starts without consent", new)
        if self.account.domain_arn in self.withdrawals.standing:
            self.answers.count("ended or started against a withdrawal in AWS", new)

    @property
    def consent_is_given(self) -> bool:
        """Return whether the declared consent is in force."""
        return dict(self.tags) not in (account.withdrawn(), account.over())

    def _declaration(self, searches: Mapping[str, Search]) -> str:
        return declare(
            self.account,
            searches=searches,
            tags=self.tags,
            triggers=self.triggers,
            create_timeout_seconds=self.create_timeout_seconds,
            verify_live_tags=self.plan.verify_live_tags,
            listen=self.consent_is_given or not self.plan.listen_follows_consent,
            enrolled_from=self.enrolled_from if searches is self.searches and self._is_enrolling() else None,
        )

    def _is_enrolling(self) -> bool:
        return self.steps > 1 or not self.plan.late_profile

    def cancel_if_locked(self) -> None:
        """Run `cancel` if the stack is locked."""
        if self.place.is_locked():
            self.command("cancel")

    def _fired(self, kind: str, count: int = 1) -> None:
        self.result.fired[kind] = self.result.fired.get(kind, 0) + count

    # What runs, and what is in a state

    def tasks(self) -> list[TaskRow]:
        """Return every task of the run, ended or not, without the search that is enrolled from."""
        heard = self.enrolled_from.speaker_search_task_id if self.enrolled_from else None
        return [task for task in self.control.tasks(ended=True) if task["task_id"] != heard]

    def note_let_go(self) -> None:
        """Remember what is running in no state now: it was removed from state."""
        self.let_go |= self.orphans()

    def ids(self) -> frozenset[str]:
        """Return the ids of everything in state, in both stacks."""
        ids = self.place.state().ids
        return ids | self.place.state(interventions.OTHER_STACK).ids if self.moved else ids

    def orphans(self) -> frozenset[str]:
        """Return the ids of running tasks that no state has."""
        return alive_ids(self.control) - self.ids()

    # Disturbed commands

    def _step(self, step: Step) -> Outcome:
        self.steps += 1
        self.cancel_if_locked()
        if step.change in WITHOUT_CONSENT or step.intervention != "none":
            # Otherwise the effects of an earlier, killed command could be attributed to this one.
            self.place.end_stragglers()
        if step.intervention != "none":
            interventions.do(self, step.intervention)
            self._fired(step.intervention)
        self._change(step)
        for fault in step.faults:
            self.control.add_fault(**_arguments(fault))
        foreign = account.credentials_of_another_account(self.sandbox.endpoint) if step.other_account else {}
        outcome = self.command(step.command, step=step, variables=foreign)
        for kind in (
            step.interruption.kind if step.interruption and outcome.interrupted else None,
            step.event.kind if step.event else None,
            "credentials of another account" if foreign else None,
        ):
            if kind:
                self._fired(kind)
        self.control.clear_faults()
        if self.place.swept_beside and not outcome.interrupted:
            ended = self.place.swept_beside.pop().ended & self.ids()
            self.answers.troubles += [f"sweep during {step.command} stopped {id_}" for id_ in sorted(ended)]
        return outcome

    def _change(self, step: Step) -> None:
        match step.change:
            case "triggers":
                self.triggers += 1
            case "one search less" if self.searches:
                self.searches.pop(next(iter(self.searches)))
            case "consent withdrawn":
                self.tags = account.withdrawn()
            case "consent over":
                self.tags = account.over()
        if step.change != "none":
            self._fired(step.change)


def _arguments(fault: Any) -> dict[str, Any]:
    return {name: getattr(fault, name) for name in fault.__slots__}
