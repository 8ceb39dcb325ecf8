"""Ask the questions in order of their price, within a budget, and report each outcome."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from botocore.exceptions import BotoCoreError, ClientError

from tools.check_assumptions import of_configurations, of_pipelines, of_searches, of_tasks
from tools.check_assumptions.account import Account
from tools.check_assumptions.prices import Prices
from tools.check_assumptions.question import NO_SETTING, CannotAskError, Question, Settings
from tools.check_assumptions.service import code_of

ALL: tuple[Question, ...] = (
    *of_configurations.QUESTIONS,
    *of_pipelines.QUESTIONS,
    *of_tasks.QUESTIONS,
    *of_searches.QUESTIONS,
)

Verdict = Literal["as assumed", "otherwise", "not foreseen", "not asked"]


@dataclass(frozen=True)
class Outcome:
    """What became of a question. `detail`: more about the answer, or why the question was not asked."""

    question: Question
    usd: float
    verdict: Verdict
    answer: str = ""
    detail: str = ""

    @property
    def settings(self) -> Settings:
        """Return the settings with which the local AWS gives the same answer."""
        return self.question.answers.get(self.answer, NO_SETTING)


def in_order(questions: Iterable[Question], prices: Prices) -> list[Question]:
    """Return the questions, cheapest first; equal prices keep their order."""
    return sorted(questions, key=lambda question: prices.of(question.cost))


def affordable(questions: Iterable[Question], prices: Prices, budget_usd: float) -> dict[str, bool]:
    """Return for each question's id whether it and all before it are within the budget."""
    spent, found = 0.0, {}
    for question in in_order(questions, prices):
        price = prices.of(question.cost)
        found[question.id] = spent + price <= budget_usd
        if found[question.id]:
            spent += price
    return found


def ask_all(
    account: Account,
    questions: Iterable[Question],
    prices: Prices,
    budget_usd: float,
    report: Callable[[Outcome], None],
) -> list[Outcome]:
    """Return the outcome of every question. An interruption ends the asking: the rest is `not asked`."""
    ordered = in_order(questions, prices)
    within: Mapping[str, bool] = affordable(ordered, prices, budget_usd)
    outcomes: list[Outcome] = []
    for question in ordered:
        price = prices.of(question.cost)
        if not within[question.id]:
            outcomes.append(Outcome(question, price, "not asked", detail="beyond the budget"))
        else:
            try:
                outcomes.append(_ask(account, question, price))
                account.clean_up.after_question()
            except KeyboardInterrupt:
                break
        report(outcomes[-1])
    asked = {outcome.question.id for outcome in outcomes}
    rest = [question for question in ordered if question.id not in asked]
    return [
        *outcomes,
        *(
            Outcome(question, prices.of(question.cost), "not asked", detail="interrupted")
            for question in rest
        ),
    ]


def _ask(account: Account, question: Question, price: float) -> Outcome:
    if question.speaks and account.speaker is None:
        return Outcome(question, price, "not asked", detail="no voice: give --audio")
    try:
        answer = question.ask(account)
    except CannotAskError as missing:
        return Outcome(question, price, "not asked", detail=str(missing))
    except ClientError as refused:
        message = refused.response["Error"].get("Message", "")
        detail = f"{refused.operation_name}: {code_of(refused)}: {message}"
        return Outcome(question, price, "not asked", detail=detail)
    except BotoCoreError as broken:
        return Outcome(question, price, "not asked", detail=str(broken))
    verdict: Verdict = "as assumed"
    if answer.value != question.assumed:
        verdict = "otherwise" if answer.value in question.answers else "not foreseen"
    return Outcome(question, price, verdict, answer.value, answer.detail)
