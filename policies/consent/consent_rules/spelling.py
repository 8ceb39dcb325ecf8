"""Recognise misspelt tag keys: other case, spaces, look-alike letters, one wrong letter."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

_LOOK_ALIKES: Final = str.maketrans(
    # Cyrillic and Greek letters that are drawn like Latin ones, and digits that stand in for letters
    # (Unicode Technical Standard 39, the part that concerns a-z).
    "аеорсухікмтвнѕјԁԛԝһӏɑοαερτικνυχωϲϳ013457!|",
    "aeopcyxikmtbhsjdqwhlaoaeptikvuxwcjoleastil",
)
_CLOSE: Final = 0.88


@lru_cache(maxsize=4096)
def skeleton(key: str) -> str:
    """Return the letters a-z of a key without case, accents, look-alikes, spaces and punctuation."""
    folded = unicodedata.normalize("NFKD", key).casefold().translate(_LOOK_ALIKES)
    return "".join(letter for letter in folded if "a" <= letter <= "z")


def near_miss(expected: str, keys: Iterable[str]) -> str | None:
    """Return the first of `keys` that looks like a misspelt `expected`, in ASCII so that look-alikes show."""
    target = skeleton(expected)
    for key in keys:
        if key != expected and (skeleton(key) == target or _similarity(skeleton(key), target) >= _CLOSE):
            return ascii(key)
    return None


def _similarity(text: str, other: str) -> float:
    """Return 1.0 for equal texts, 0.0 for texts without a common letter."""
    import difflib  # Late: most stacks have no key that is misspelt.

    return difflib.SequenceMatcher(None, text, other).ratio()
