"""Dates in tags and settings."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

_FORM: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def parse_date(text: object) -> date | None:
    """Return the date that `YYYY-MM-DD` names; None if `text` is not a date of the calendar in that form."""
    if not isinstance(text, str) or not _FORM.fullmatch(text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
