"""Recognise personal data in text: addresses, phone, identity, account and card numbers, plain or disguised.

python-stdnum verifies numbers with a check digit by the rules that each country publishes, so that an account id or a
date is not taken for a person. Patterns without a check digit match a whole number only, never a part of an identifier.
Results name kinds only: the text itself must never be repeated.

python-stdnum is imported when a text has the form of such a number: its tables take 20 ms to load, and most stacks
have no such text.
"""

from __future__ import annotations

import base64
import binascii
import re
import unicodedata
import urllib.parse
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Final

_INVISIBLE: Final = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")
_ENCODED: Final = re.compile(r"(?<![A-Za-z0-9+/=_-])[A-Za-z0-9+/_-]{12,}={0,2}(?![A-Za-z0-9+/=_-])")


def _us_ssn(digits: str) -> bool:
    """Exclude areas 000, 666 and 900-999, group 00 and serial 0000, which the SSA never assigns."""
    area, group, serial = digits[:3], digits[3:5], digits[5:]
    return area not in {"000", "666"} and area < "900" and group != "00" and serial != "0000"


def _card(text: str) -> bool:
    from stdnum import luhn

    return bool(luhn.is_valid(text)) and len(set(text)) > 1


def _cpf(text: str) -> bool:
    """Exclude one digit repeated, which has valid check digits and is never assigned."""
    from stdnum.br import cpf

    return bool(cpf.is_valid(text)) and len(set(re.sub(r"\D", "", text))) > 1


def _spanish(text: str) -> bool:
    from stdnum.es import dni, nie

    return bool(dni.is_valid(text) or nie.is_valid(text))


def _iban(text: str) -> bool:
    from stdnum import iban

    return bool(iban.is_valid(text))


def _italian(text: str) -> bool:
    from stdnum.it import codicefiscale

    return bool(codicefiscale.is_valid(text))


def _indian(text: str) -> bool:
    from stdnum.in_ import pan

    return bool(pan.is_valid(text))


def _digits(check: Callable[[str], bool]) -> Callable[[str], bool]:
    return lambda text: check(re.sub(r"\D", "", text))


def _always(text: str) -> bool:
    return True


_ALONE: Final = r"(?<![\w.:/@#-])"
"""Before a number without a check digit: no letter, and no character that joins the parts of an identifier."""

_ENDS: Final = r"(?![\w/@#-])(?![.:][\w])"

_KINDS: Final[tuple[tuple[str, re.Pattern[str], Callable[[str], bool]], ...]] = tuple(
    (kind, re.compile(pattern), check)
    for kind, pattern, check in (
        ("an e-mail address", r"[\w.+-]{1,64}@[\w-]{1,63}(\.[\w-]{2,63})+", _always),
        (
            "an e-mail address",
            r"(?i)[\w.+-]{2,64}[\s_.([{-]+at[\s_.)\]}-]+[\w-]{2,63}[\s_.([{-]+(dot|punkt|punto)[\s_.)\]}-]+[a-z]{2,24}\b",
            _always,
        ),
        ("a phone number", r"(?<![\w+])\+[1-9]\d{0,2}[\s.()/-]*\d([\s.()/-]*\d){6,11}(?!\w)", _always),
        # 00 in place of + needs a gap after the country code: an account id may begin with zeros.
        (
            "a phone number",
            rf"{_ALONE}00[1-9]\d{{0,2}}[\s()][\s.()/-]*\d([\s.()/-]*\d){{6,11}}(?!\w)",
            _always,
        ),
        (
            "a phone number",
            rf"{_ALONE}(\([2-9]\d{{2}}\)\s?|[2-9]\d{{2}}[\s.-])[2-9]\d{{2}}[\s.-]\d{{4}}{_ENDS}",
            _always,
        ),
        (
            "a phone number",
            rf"(?i){_ALONE}(tel|phone|mobile|msisdn)[:=\s]\s*\+?\d[\d\s.()-]{{5,}}\d(?!\w)",
            _always,
        ),
        ("a US social security number", rf"{_ALONE}\d{{3}}([\s.-])\d{{2}}\1\d{{4}}{_ENDS}", _digits(_us_ssn)),
        (
            "a payment card number",
            r"(?<![\w.-])[3-6]\d{3}([\s-]?)\d{4}\1\d{4}\1\d{1,7}(?![\w-])",
            _digits(_card),
        ),
        (
            "a bank account number",
            r"(?i)(?<!\w)[A-Z]{2}\d{2}( ?[A-Z0-9]{4}){2,7}( ?[A-Z0-9]{1,3})?(?!\w)",
            _iban,
        ),
        (
            "a UK national insurance number",
            rf"(?i){_ALONE}(?!BG|GB|NK|KN|TN|NT|ZZ)[ABCEGHJ-PRSTW-Z][ABCEGHJ-NPRSTW-Z]"
            rf" ?\d{{2}} ?\d{{2}} ?\d{{2}} ?[A-D]{_ENDS}",
            _always,
        ),
        ("a Spanish identity number", r"(?i)(?<!\w)([XYZ]\d{7}|\d{8})[A-Z](?!\w)", _spanish),
        (
            "an Italian tax code",
            r"(?i)(?<!\w)[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z](?!\w)",
            _italian,
        ),
        ("a Brazilian CPF", r"(?<![\w.-])\d{3}\.\d{3}\.\d{3}-\d{2}(?![\w-])", _cpf),
        # The fourth letter of a person's PAN is P. In lower case it is an identifier like voice0001a.
        ("an Indian PAN", rf"{_ALONE}[A-Z]{{3}}P[A-Z]\d{{4}}[A-Z]{_ENDS}", _indian),
        (
            "a date of birth",
            rf"(?i){_ALONE}(dob|birth(day|date)?|born)[:=\s]\s*\d{{1,4}}[-./]\d{{1,2}}[-./]\d{{1,4}}{_ENDS}",
            _always,
        ),
    )
)

_BARE_NUMBER: Final = re.compile(r"\+?\d{7,16}")


@lru_cache(maxsize=8192)
def kinds_of_personal_data(text: str, *, may_be_number: bool = True) -> tuple[str, ...]:
    """Return the kinds of personal data in `text`, each once; empty if none is recognised.

    Args:
        text: A tag key or value, a name, a description.
        may_be_number: Whether a text of 7 to 16 digits only, like an account id, is permitted. In a consent tag it is
            not: the only numbers there are dates and days.
    """
    found: dict[str, None] = {}
    for form in _forms(text):
        for kind, pattern, check in _KINDS:
            if any(check(match.group()) for match in pattern.finditer(form)):
                found[kind] = None
        if not may_be_number and _BARE_NUMBER.fullmatch(form.strip()):
            found["a bare number, like a phone or identity number"] = None
    return tuple(found)


def _forms(text: str) -> Iterator[str]:
    """Yield the text without invisible characters and with ASCII digits, and its decodings from %-codes and base64."""
    folded = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text))
    folded = "".join(str(unicodedata.digit(c)) if c.isdigit() else c for c in folded)
    yield folded
    unquoted = urllib.parse.unquote(folded)
    if unquoted != folded:
        yield unquoted
    for match in _ENCODED.finditer(text):
        try:
            decoded = base64.b64decode(
                match.group() + "=" * (-len(match.group()) % 4), altchars=b"-_", validate=True
            )
            yield decoded.decode("ascii")
        except (binascii.Error, UnicodeDecodeError):
            continue
