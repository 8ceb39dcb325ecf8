"""The searches of a stack as a table; below each other in a narrow terminal, and with no folded line in a pipe."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rich.console import Console
from rich.text import Text

from .plain_text import NARROW_COLUMNS, plain, table
from .search_status import SearchStatus

GOOD: Final = "green"
BAD: Final = "bold red"


def show(out: Console, stack: str, searches: Sequence[SearchStatus]) -> None:
    """Print the searches, what is wrong with them, and which pipelines go on without one."""
    if not searches:
        out.print(plain(f"The stack {stack} has no speaker search task."), soft_wrap=True)
        return
    out.print(plain(f"Speaker searches of {stack}"), soft_wrap=True)
    if out.width < NARROW_COLUMNS:
        _show_below_each_other(out, searches)
    else:
        _show_table(out, searches)
    for one in searches:
        for text in (*one.wrong, *((f"could not be read: {one.unread}",) if one.unread else ())):
            out.print(plain(f"{one.name}: {text}", BAD), soft_wrap=True)
    going_on = len({one.pipeline_id for one in searches if one.pipeline_goes_on})
    if going_on:
        out.print(
            f"Pipelines that go on though their search is over, and count against the quota: {going_on}. "
            "`speaker-search sweep --finished` ends them.",
            soft_wrap=True,
        )


def _show_table(out: Console, searches: Sequence[SearchStatus]) -> None:
    shown = table("search", "state", "task", "consent")
    for one in searches:
        shown.add_row(plain(one.name), _state(one), plain(_id(one), "dim"), _consent(one))
    out.print(shown)


def _show_below_each_other(out: Console, searches: Sequence[SearchStatus]) -> None:
    """Names and ids in one piece, whatever the width."""
    for one in searches:
        out.print(plain(one.name, "bold"), soft_wrap=True)
        out.print(Text("  ") + _state(one) + Text(", ") + _consent(one), soft_wrap=True)
        out.print(Text("  ") + plain(_id(one), "dim"), soft_wrap=True)


def _id(one: SearchStatus) -> str:
    return one.task_id or "not started"


def _state(one: SearchStatus) -> Text:
    if one.outcome is None:
        return plain("not known", BAD)
    word = str(one.outcome).replace("_", " ")
    aws_word = f" ({one.status})" if one.status else ""
    return plain(f"{word}{aws_word}", BAD if one.wrong else GOOD if one.listens else "")


def _consent(one: SearchStatus) -> Text:
    consent = one.consent
    if consent.in_force:
        return plain(f"until {consent.expires}, {consent.days_left} days left", GOOD)
    if consent.withdrawn_on:
        return plain(f"{consent.text}, recorded {consent.withdrawn_on}", BAD)
    return plain(consent.text, BAD)
