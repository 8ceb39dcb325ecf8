"""The operator: recover the stack after the disturbed commands, and remove everything at the end."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reliability import account, interventions
from reliability.command import Outcome
from reliability.declaration import TIMEOUT_SECONDS
from reliability.draw import STOPS
from reliability.profiles import may_be_lost
from reliability.questions import alive_ids, started_twice
from reliability.starts import starts_in
from reliability.workplace import Swept

if TYPE_CHECKING:
    from reliability.run import Run

ADVISES_ALIAS = "aliases=[Alias("


class Operator:
    """Works on the stack of a run, and checks the results."""

    def __init__(self, run: Run) -> None:
        self.run = run

    def recover(self) -> None:
        """Run `cancel` and `up --refresh`, again with new `triggers` if something has ended for good, then sweep."""
        self.run.create_timeout_seconds = TIMEOUT_SECONDS
        self.run.cancel_if_locked()
        if not self.run.consent_is_given or self.run.withdrawals.standing:
            self._up_without_consent()
            self._give_consent_again()
        outcome = self._up()
        if outcome.code and ADVISES_ALIAS in outcome.text:
            self._declare_former_names()
            outcome = self._up()
        if outcome.code:
            if "speaker-search sweep --stop" in outcome.text:
                self.run.place.end_stragglers()
                self._sweep()
            self.run.triggers += 1
            outcome = self._up()
        if outcome.code:
            self.run.answers.troubles.append(f"the recovery failed:\n{outcome.tail()}")
            return
        self._find_orphans()

    def _declare_former_names(self) -> None:
        """Declare aliases, as the refusal of a search under a new name advises."""
        for name, search in list(self.run.searches.items()):
            former = search.task.removesuffix(interventions.NEW)
            if former != search.task:
                self.run.searches[name] = replace(search, aliases=(former,))

    def _up(self) -> Outcome:
        """Update both stacks; return the outcome of the one that failed."""
        outcome = self.run.command("up", "--refresh")
        if outcome.code or not self.run.moved:
            return outcome
        return self.run.command("up", "--refresh", stack=interventions.OTHER_STACK)

    def _up_without_consent(self) -> None:
        """Run `up` without consent: what is declared without it must stop, and a withdrawal in AWS must stay."""
        self.run.place.end_stragglers()
        outcome = self._up()
        if outcome.code == 0 and not self.run.consent_is_given:
            listening = {task["task_id"] for task in self.run.control.tasks()} & self.run.ids()
            self.run.answers.troubles += [
                f"{id_} is running without consent, after up" for id_ in sorted(listening)
            ]
        if outcome.code == 0:
            withdrawn = set(self.run.withdrawals.standing)
            on_withdrawn = {
                task["task_id"] for task in self.run.control.tasks() if task["pipeline_arn"] in withdrawn
            }
            self.run.answers.count(
                "ended or started against a withdrawal in AWS",
                [
                    f"{id_} is running after up --refresh, on a pipeline that is withdrawn"
                    for id_ in sorted(on_withdrawn & self.run.ids())
                ],
            )
        self.run.place.end_stragglers()

    def _give_consent_again(self) -> None:
        """Record a new consent in AWS and declare it. What was stopped stays stopped without new `triggers`.

        The new record creates another pipeline, from which released tasks on the former one can't be found.
        """
        if self.run.let_go & alive_ids(self.run.control):
            self.run.asked.life += 1
        self.run.withdrawals.lift()
        self.run.tags = account.given_again()
        account.tag_domain(self.run.account, self.run.tags)
        for name in self.run.account.streams:
            account.tag_stream(self.run.account, name, self.run.tags)

    def _find_orphans(self) -> None:
        lost = self.run.orphans()
        if self.run.plan.keeps_declaration:
            self.run.answers.count("in no state", sorted(lost))
        elif lost:
            swept = self.run.place.sweep(stop=False)
            hidden = [
                id_ for id_ in lost if id_ not in swept.shown and self._pipeline_of(id_) not in swept.shown
            ]
            self.run.answers.count(
                "in no state", [f"{id_}, and sweep does not show it" for id_ in sorted(hidden)]
            )
            if swept.code == 0:
                self.run.answers.troubles.append(
                    f"sweep exited with 0 although {sorted(lost)} run in no state"
                )
        if self.run.plan.sweeps_between or (lost and not self.run.plan.keeps_declaration):
            self._sweep()
            self.run.answers.count("in no state", sorted(self.run.orphans()))

    def _sweep(self) -> Swept:
        """Run `sweep --stop`, which must leave alone what is in a state.

        What it holds back, because it is recent or its owner is not known, is stopped by id: no update is in progress.
        """
        lost, begin = self.run.orphans(), self._last_call()
        swept = self.run.place.sweep(stop=True)
        named = swept.shown & lost
        if swept.code and named:
            swept = self.run.place.sweep(*sorted(named), stop=True)
        self.run.answers.found_by_sweep += len(lost)
        stopped = {call["resource"] for name in STOPS for call in self.run.control.calls(name, after=begin)}
        wrong = stopped & self.run.ids()
        if wrong:
            self.run.answers.troubles.append(
                f"sweep stopped {sorted(map(str, wrong))}, which are in state:\n{swept.text}"
            )
        return swept

    def _last_call(self) -> int:
        calls = self.run.control.calls()
        return calls[-1]["number"] if calls else 0

    def _pipeline_of(self, task_id: str) -> str | None:
        tasks = self.run.control.tasks(ended=True)
        return next((task["pipeline_id"] for task in tasks if task["task_id"] == task_id), None)

    def leave(self, first_destroy: Outcome) -> None:
        """Run `cancel`, `destroy` again if it failed or was interrupted, and `sweep --stop`; then check the results."""
        self.run.cancel_if_locked()
        if (
            first_destroy.code or first_destroy.interrupted
        ):  # a destroy that was interrupted by ^C exits with 0
            self._destroy()
        if self.run.moved:
            self._destroy(stack=interventions.OTHER_STACK)
        swept = self._sweep()
        if swept.code:
            self.run.answers.troubles.append(f"sweep --stop ended with {swept.code}:\n{swept.text}")
        self.run.answers.count("running after destroy and sweep", sorted(alive_ids(self.run.control)))
        self._check_starts()
        self._check_profiles()
        self.run.place.state()

    def _check_profiles(self) -> None:
        """Check that the last destroy has deleted the profile. One of a lost response is in no state (ADR 24)."""
        left = self.run.enrolments.present()
        plan = self.run.plan
        happened = {*self.run.result.fired, *self.run.control.fired_faults()}
        happened |= {step.intervention for step in plan.steps}
        if may_be_lost(happened):
            self.run.answers.profiles_in_no_state += len(left)
        else:
            self.run.answers.troubles += [
                f"voice profile {id_} is in AWS and in no state" for id_ in sorted(left)
            ]

    def _destroy(self, stack: str | None = None) -> None:
        outcome = self.run.command("destroy", stack=stack)
        if outcome.code:
            self.run.answers.troubles.append(f"the last destroy failed:\n{outcome.tail()}")

    def _check_starts(self) -> None:
        heard = self.run.enrolled_from
        before = {heard.speaker_search_task_id} if heard else set()
        starts = [start for start in starts_in(self.run.control) if start.task_id not in before]
        unasked = self.run.asked.unasked(starts)
        self.run.answers.count("started twice", started_twice(self.run.control, self.run.let_go))
        self.run.answers.count("started more often than declared", self.run.asked.more_often(starts))
        self.run.answers.count("started without a declaration that asks for it", unasked)
        self.run.answers.count("starts without consent", self.run.asked.without_consent(starts))
        self.run.answers.count(
            "ended or started against a withdrawal in AWS", self.run.withdrawals.against(starts)
        )
