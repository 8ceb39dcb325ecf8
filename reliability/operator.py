"""A tired operator: brings the stack to run again after the storms, and takes everything away at the end."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from reliability import account, deeds
from reliability.command import Outcome
from reliability.declaration import TIMEOUT_SECONDS
from reliability.draw import STOPS
from reliability.questions import alive_ids, started_twice
from reliability.starts import starts_in
from reliability.workplace import Swept

if TYPE_CHECKING:
    from reliability.run import Run

ADVISES_ALIAS = "aliases=[Alias("


class Operator:
    """Whoever works on a run's stack, and answers the questions after it."""

    def __init__(self, run: Run) -> None:
        self.run = run

    def recover(self) -> None:
        """`cancel`, `up --refresh`, and again with new `triggers` where something has ended for good; then sweep."""
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
        self._look_for_orphans()

    def _declare_former_names(self) -> None:
        """As the refusal of a search under a new name advises."""
        for name, search in list(self.run.searches.items()):
            former = search.task.removesuffix(deeds.NEW)
            if former != search.task:
                self.run.searches[name] = replace(search, aliases=(former,))

    def _up(self) -> Outcome:
        """Of both stacks; how the one that failed ended."""
        outcome = self.run.command("up", "--refresh")
        if outcome.code or not self.run.moved:
            return outcome
        return self.run.command("up", "--refresh", stack=deeds.OTHER_STACK)

    def _up_without_consent(self) -> None:
        """Everything stops that is declared without consent; a withdrawal that stands in AWS stays there."""
        self.run.place.end_stragglers()
        outcome = self._up()
        if outcome.code == 0 and not self.run.consent_is_given:
            listening = {task["task_id"] for task in self.run.control.tasks()} & self.run.ids()
            self.run.answers.troubles += [
                f"{id_} listens without consent, after up" for id_ in sorted(listening)
            ]
        if outcome.code == 0:
            withdrawn = set(self.run.withdrawals.standing)
            on_withdrawn = {
                task["task_id"] for task in self.run.control.tasks() if task["pipeline_arn"] in withdrawn
            }
            self.run.answers.count(
                "ended or started against a withdrawal in AWS",
                [
                    f"{id_} listens after up --refresh, on a pipeline that is withdrawn"
                    for id_ in sorted(on_withdrawn & self.run.ids())
                ],
            )
        self.run.place.end_stragglers()

    def _give_consent_again(self) -> None:
        """A new consent, recorded in AWS and declared. What was stopped stays stopped without new `triggers`.

        Its record makes another pipeline, from which nobody finds what was let go of on the one before.
        """
        if self.run.let_go & alive_ids(self.run.control):
            self.run.asked.life += 1
        self.run.withdrawals.lift()
        self.run.tags = account.given_again()
        account.tag_domain(self.run.account, self.run.tags)
        for name in self.run.account.streams:
            account.tag_stream(self.run.account, name, self.run.tags)

    def _look_for_orphans(self) -> None:
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
                self.run.answers.troubles.append(f"sweep ended with 0 though {sorted(lost)} run in no state")
        if self.run.plan.sweeps_between or (lost and not self.run.plan.keeps_declaration):
            self._sweep()
            self.run.answers.count("in no state", sorted(self.run.orphans()))

    def _sweep(self) -> Swept:
        """`sweep --stop`, which has to leave alone what is in a state.

        What it leaves, because it is young or nothing tells whose it is, is ended by its id: nothing is at work here.
        """
        lost, begin = self.run.orphans(), self._last_call()
        swept = self.run.place.sweep(stop=True)
        named = swept.shown & lost
        if swept.code and named:
            swept = self.run.place.sweep(*sorted(named), stop=True)
        self.run.answers.found_by_sweep += len(lost)
        told = {call["resource"] for name in STOPS for call in self.run.control.calls(name, after=begin)}
        wrong = told & self.run.ids()
        if wrong:
            self.run.answers.troubles.append(
                f"sweep told {sorted(map(str, wrong))} to end, which are in state:\n{swept.text}"
            )
        return swept

    def _last_call(self) -> int:
        calls = self.run.control.calls()
        return calls[-1]["number"] if calls else 0

    def _pipeline_of(self, task_id: str) -> str | None:
        tasks = self.run.control.tasks(ended=True)
        return next((task["pipeline_id"] for task in tasks if task["task_id"] == task_id), None)

    def leave(self, farewell: Outcome) -> None:
        """`cancel` and `destroy` again where it did not end well, then `sweep --stop`; then the questions."""
        self.run.cancel_if_locked()
        if farewell.code or farewell.struck:  # a destroy that ^C ended says 0 all the same
            self._destroy()
        if self.run.moved:
            self._destroy(stack=deeds.OTHER_STACK)
        swept = self._sweep()
        if swept.code:
            self.run.answers.troubles.append(f"sweep --stop ended with {swept.code}:\n{swept.text}")
        self.run.answers.count("running after destroy and sweep", sorted(alive_ids(self.run.control)))
        self._ask_about_starts()
        self.run.place.state()

    def _destroy(self, stack: str | None = None) -> None:
        outcome = self.run.command("destroy", stack=stack)
        if outcome.code:
            self.run.answers.troubles.append(f"the last destroy failed:\n{outcome.tail()}")

    def _ask_about_starts(self) -> None:
        starts = starts_in(self.run.control)
        unasked = self.run.asked.unasked(starts)
        self.run.answers.count("started twice", started_twice(self.run.control, self.run.let_go))
        self.run.answers.count("started more often than declared", self.run.asked.more_often(starts))
        self.run.answers.count("started without a declaration that asks for it", unasked)
        self.run.answers.count("starts without consent", self.run.asked.without_consent(starts))
        self.run.answers.count(
            "ended or started against a withdrawal in AWS", self.run.withdrawals.against(starts)
        )
