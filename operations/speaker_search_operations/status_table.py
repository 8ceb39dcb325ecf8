"""Print the searches of a stack: as a table, or as a list where the terminal is narrow."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from rich.console import Console
from rich.text import Text

from .search_status import SearchStatus
from .terminal import MIN_TABLE_COLUMNS, plain, print_line, table

GOOD: Final = "green"
BAD: Final = "bold red"


def print_status(out: Console, stack: str, searches: Sequence[SearchStatus]) -> None:
    """Print the searches, what is wrong with them, and how many pipelines still run without one."""
    if not searches:
        print_line(out, f"The state of stack {stack} has no speaker search task.")
        return
    print_line(out, f"Speaker searches of stack {stack}")
    if out.width < MIN_TABLE_COLUMNS:
        _print_list(out, searches)
    else:
        _print_table(out, searches)
    for search in searches:
        for problem in _problems(search):
            print_line(out, problem, BAD)
    running = len({search.pipeline_id for search in searches if search.pipeline_goes_on})
    if running:
        print_line(
            out,
            f"Pipelines that still run although their search has ended: {running}. They count toward the quota. "
            "To delete them: speaker-search sweep --finished",
        )


def _problems(search: SearchStatus) -> Iterator[str]:
    subject = f"{search.name} ({', '.join(filter(None, (search.task_id, search.status)))})"
    for text in search.wrong:
        yield f"{subject}: {text}"
    if search.unread:
        yield f"{subject}: could not be read: {search.unread}"
    if search.wrong and search.listens:
        yield f"To stop it now: speaker-search stop {search.name}"


def _print_table(out: Console, searches: Sequence[SearchStatus]) -> None:
    rows = table("search", "outcome (AWS status)", "task id", "consent")
    for search in searches:
        rows.add_row(plain(search.name), _outcome(search), plain(_task_id(search), "dim"), _consent(search))
    out.print(rows)


def _print_list(out: Console, searches: Sequence[SearchStatus]) -> None:
    """Print names and ids in one piece, whatever the width."""
    for search in searches:
        print_line(out, search.name, "bold")
        out.print(Text("  ") + _outcome(search) + Text(", ") + _consent(search), soft_wrap=True)
        out.print(Text("  ") + plain(_task_id(search), "dim"), soft_wrap=True)


def _task_id(search: SearchStatus) -> str:
    return search.task_id or "not started"


def _outcome(search: SearchStatus) -> Text:
    if search.outcome is None:
        return plain("not known", BAD)
    outcome = search.outcome.replace("_", " ")
    status = f" ({search.status})" if search.status else ""
    return plain(f"{outcome}{status}", BAD if search.wrong else GOOD if search.listens else "")


def _consent(search: SearchStatus) -> Text:
    consent = search.consent
    if consent.in_force:
        return plain(f"until {consent.expires}, {consent.days_left} days left", GOOD)
    if consent.withdrawn_on:
        return plain(f"{consent.text}, recorded {consent.withdrawn_on}", BAD)
    return plain(consent.text, BAD)
