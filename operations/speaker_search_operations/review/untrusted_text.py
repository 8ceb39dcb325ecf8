"""Make names, tags and messages printable: they come from programs and states that nobody has checked.

Each format escapes by itself. Control characters, characters that change the direction of writing, and
e-mail addresses are replaced here, once, when the text enters the review.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

MAX_CHARACTERS: Final = 4000
REPLACEMENT: Final = "\ufffd"
ADDRESS_WITHHELD: Final = "(address withheld)"

_SHOWN_NOWHERE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_ADDRESS: Final = re.compile(r"[^\s@<>()\[\]\"'`:;,=/]{1,64}@[^\s@<>()\[\]\"'`:;,=/]{1,250}\.[^\W\d_]{2,63}")


def printable(text: object) -> str:
    """Return one or several lines without hidden characters and e-mail addresses, cut after `MAX_CHARACTERS`."""
    lines = str(text)[: MAX_CHARACTERS + 1].replace("\r\n", "\n")
    kept = "".join(
        letter if letter == "\n" or unicodedata.category(letter) not in _SHOWN_NOWHERE else REPLACEMENT
        for letter in lines.replace("\t", " ")
    )
    if len(kept) > MAX_CHARACTERS:
        kept = kept[:MAX_CHARACTERS] + "…"
    return _ADDRESS.sub(ADDRESS_WITHHELD, kept)


def one_line(text: object) -> str:
    """Return printable text without line breaks, for names: a line break in a name may be meant to deceive."""
    return printable(text).replace("\n", REPLACEMENT)
