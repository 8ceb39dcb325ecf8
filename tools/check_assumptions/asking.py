"""Asks the questions in order of their price, within a budget, and tells what came of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from botocore.exceptions import BotoCoreError, ClientError

from tools.check_assumptions import of_configurations, of_pipelines, of_searches, of_tasks
from tools.check_assumptions.account import Account, code_of
from tools.check_assumptions.prices import Prices
from tools.check_assumptions.question import NO_SETTING, CannotAskError, Question, Settings

ALL: tuple[Question, ...] = (
    *of_configurations.QUESTIONS,
    *of_pipelines.QUESTIONS,
    *of_tasks.QUESTIONS,
    *of_searches.QUESTIONS,
)

Verdict = Literal["as assumed", "otherwise", "not foreseen", "not asked"]


@dataclass(frozen=True)
class Outcome:
    question: Question
    usd: float
    verdict: Verdict
    answer: str = ""
    detail: str = ""
    """More about the answer, or why it was not asked."""

    @property
    def settings(self) -> Settings:
        """With which the local AWS answers the same."""
        return self.question.answers.get(self.answer, NO_SETTING)


def in_order(questions: Iterable[Question], prices: Prices) -> list[Question]:
    """Cheapest first; of the same price, in the order in which they stand."""
    return sorted(questions, key=lambda question: prices.of(question.cost))


def affordable(questions: Iterable[Question], prices: Prices, budget_usd: float) -> dict[str, bool]:
    """Question's id → whether it is within the budget, together with all before it."""
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
    tell: Callable[[Outcome], None],
) -> list[Outcome]:
    """Every question's outcome, also of those that nobody came to: an interruption ends it, and is no error."""
    wanted = in_order(questions, prices)
    within: Mapping[str, bool] = affordable(wanted, prices, budget_usd)
    outcomes: list[Outcome] = []
    for question in wanted:
        price = prices.of(question.cost)
        if not within[question.id]:
            outcomes.append(Outcome(question, price, "not asked", detail="beyond the budget"))
        else:
            try:
                outcomes.append(_asked(account, question, price))
                account.clean_up.after_question()
            except KeyboardInterrupt:
                break
        tell(outcomes[-1])
    asked = {outcome.question.id for outcome in outcomes}
    rest = [question for question in wanted if question.id not in asked]
    return [
        *outcomes,
        *(Outcome(one, prices.of(one.cost), "not asked", detail="interrupted") for one in rest),
    ]


def _asked(account: Account, question: Question, price: float) -> Outcome:
    if question.speaks and account.speaker is None:
        return Outcome(question, price, "not asked", detail="nobody to be heard: give --audio")
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
