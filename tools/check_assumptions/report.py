"""Write the outcomes as lines for people and as JSON for programs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tools.check_assumptions.asking import Outcome
from tools.check_assumptions.prices import Prices
from tools.check_assumptions.question import Question

MARKS = {"as assumed": "✓", "otherwise": "≠", "not foreseen": "?", "not asked": "–"}


def line(outcome: Outcome) -> str:
    """Return the question, its answer, and the assumption if that differs."""
    question, answer = outcome.question, outcome.answer or outcome.detail
    if outcome.answer and outcome.detail:
        answer = f"{outcome.answer} ({outcome.detail})"
    assumed = "" if outcome.verdict in ("as assumed", "not asked") else f"; assumed: {question.assumed}"
    return f"{MARKS[outcome.verdict]} {question.id}: {question.asks} {answer}{assumed}"


def plan_line(question: Question, prices: Prices, *, within: bool) -> str:
    """Return a question with its price, before it is asked."""
    speech = ", needs a voice" if question.speaks else ""
    beyond = "" if within else ", beyond the budget"
    price = f"{prices.of(question.cost):6.2f} USD"
    return f"{price}  {question.id}: {question.asks} [assumed: {question.assumed}{speech}{beyond}]"


def summary(outcomes: Iterable[Outcome]) -> str:
    """Return how many questions have which verdict."""
    counts = dict.fromkeys(MARKS, 0)
    for outcome in outcomes:
        counts[outcome.verdict] += 1
    return ", ".join(f"{count} {verdict}" for verdict, count in counts.items() if count)


def as_json(outcomes: Iterable[Outcome], *, account_id: str, region: str, left: list[str]) -> dict[str, Any]:
    """Return all outcomes. With `settings`, the local AWS answers as this account did."""
    listed = list(outcomes)
    settings: dict[str, dict[str, Any]] = {}
    for outcome in listed:
        for group, values in outcome.settings.items():
            settings.setdefault(group, {}).update(values)
    return {
        "account": account_id,
        "region": region,
        "estimated_usd": round(sum(outcome.usd for outcome in listed if outcome.verdict != "not asked"), 2),
        "questions": [
            {
                "id": outcome.question.id,
                "asks": outcome.question.asks,
                "documented": outcome.question.documented,
                "assumed": outcome.question.assumed,
                "verdict": outcome.verdict,
                "answer": outcome.answer,
                "detail": outcome.detail,
                "estimated_usd": outcome.usd,
                "settings": outcome.settings,
            }
            for outcome in listed
        ],
        "settings": settings,
        "left": left,
    }
