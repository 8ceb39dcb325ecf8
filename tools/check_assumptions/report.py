"""The outcomes as lines for people and as JSON for programs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tools.check_assumptions.asking import Outcome
from tools.check_assumptions.prices import Prices
from tools.check_assumptions.question import Question

MARKS = {"as assumed": "✓", "otherwise": "≠", "not foreseen": "?", "not asked": "–"}


def line(outcome: Outcome) -> str:
    """One outcome: what was asked, what came, and what was assumed where that is something else."""
    question, said = outcome.question, outcome.answer or outcome.detail
    if outcome.answer and outcome.detail:
        said = f"{outcome.answer} ({outcome.detail})"
    assumed = "" if outcome.verdict in ("as assumed", "not asked") else f"; assumed: {question.assumed}"
    return f"{MARKS[outcome.verdict]} {question.id}: {question.asks} {said}{assumed}"


def plan_line(question: Question, prices: Prices, *, within: bool) -> str:
    """One question before it is asked."""
    speech = ", needs a voice" if question.speaks else ""
    beyond = "" if within else ", beyond the budget"
    price = f"{prices.of(question.cost):6.2f} USD"
    return f"{price}  {question.id}: {question.asks} [assumed: {question.assumed}{speech}{beyond}]"


def summary(outcomes: Iterable[Outcome]) -> str:
    counts = dict.fromkeys(MARKS, 0)
    for outcome in outcomes:
        counts[outcome.verdict] += 1
    return ", ".join(f"{count} {verdict}" for verdict, count in counts.items() if count)


def as_json(outcomes: Iterable[Outcome], *, account_id: str, region: str, left: list[str]) -> dict[str, Any]:
    """Everything. `settings`: with these the local AWS answers as this account did."""
    listed = list(outcomes)
    settings: dict[str, dict[str, Any]] = {}
    for outcome in listed:
        for group, values in outcome.settings.items():
            settings.setdefault(group, {}).update(values)
    return {
        "account": account_id,
        "region": region,
        "estimated_usd": round(sum(one.usd for one in listed if one.verdict != "not asked"), 2),
        "questions": [
            {
                "id": one.question.id,
                "asks": one.question.asks,
                "documented": one.question.documented,
                "assumed": one.question.assumed,
                "verdict": one.verdict,
                "answer": one.answer,
                "detail": one.detail,
                "estimated_usd": one.usd,
                "settings": one.settings,
            }
            for one in listed
        ],
        "settings": settings,
        "left": left,
    }
