"""The consent vocabulary: which tags there are, and what each may hold. Data only, no Pulumi, no AWS.

Each field is one tag, `consent:` + name. A tag records a consent *regime* and points to the record of it; it is
never one person's consent, and never personal data, because tags are not confidential. The consent pack has a generated
copy of this file (`make vendor`), so that the pack can be published alone.

Sources: ISO/IEC TS 27560, Kantara Consent Receipt 1.1, W3C DPV, 740 ILCS 14 (BIPA), GDPR Art. 6, 7 and 9. The
characters are those that every AWS service takes in a tag: letters, digits, spaces and `_ . : / = + - @`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

PREFIX: Final = "consent:"
"""What every consent tag key starts with."""

STATUS_GIVEN: Final = "given"
"""The only status under which a search may start."""

VOICE_TONE_PURPOSE: Final = "voice-tone-analysis"
"""The word of `purpose` by which a consent covers the analysis of the tone of a voice: finding a speaker is another
purpose than judging how that person sounds (GDPR Art. 5(1)(b))."""

VALUE_MAX_LENGTH: Final = 256
"""Characters in a tag value [AWS tagging, all three services]."""


@dataclass(frozen=True, slots=True)
class Field:
    """One consent tag.

    Attributes:
        pattern: What the whole value must match (`re.fullmatch`).
        form: The same, for a message.
        required: Whether a search is refused without it.
    """

    pattern: str
    form: str
    required: bool = False


FIELDS: Final[Mapping[str, Field]] = MappingProxyType(
    {
        "schema": Field(r"[a-z0-9][a-z0-9-]{0,62}:[0-9]{1,3}\.[0-9]{1,3}", "name:1.0", required=True),
        "record-ref": Field(
            r"[A-Za-z0-9._:/-]{8,128}",
            "8 to 128 of letters, digits and . _ : / -, opaque: no e-mail address, no phone number",
            required=True,
        ),
        "notice": Field(
            r"[a-z0-9][a-z0-9-]{0,62}:v[0-9]{1,4}"
            r"|https://[A-Za-z0-9.-]{1,200}(:[0-9]{1,5})?(/[A-Za-z0-9._/+=:-]*)?",
            "id:vN, or an https URL without query",
            required=True,
        ),
        "purpose": Field(
            r"[a-z][a-z0-9-]{0,62}(\+[a-z][a-z0-9-]{0,62})*",
            "lower-case words joined by +",
            required=True,
        ),
        "basis": Field(
            r"[a-z]{2}(-[a-z0-9]{2,16})*:[A-Za-z0-9][A-Za-z0-9.-]{1,63}",
            "law:article, like eu-gdpr:A9-2-a or us-il:bipa-15b",
            required=True,
        ),
        "jurisdiction": Field(
            r"[A-Z]{2}(-[A-Z0-9]{1,3})?(\+[A-Z]{2}(-[A-Z0-9]{1,3})?)*",
            "ISO 3166 codes joined by +, like US-IL+US-TX",
            required=True,
        ),
        "method": Field(r"[a-z][a-z0-9-]{1,62}", "one word, like written-release or e-signature"),
        "status": Field(r"given|withdrawn|expired", "given, withdrawn or expired", required=True),
        "expires": Field(
            r"[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])",
            "the last day on which it holds, YYYY-MM-DD (UTC)",
            required=True,
        ),
        "retention-days": Field(r"[1-9][0-9]{0,3}", "1 to 9999", required=True),
        "withdrawal": Field(
            r"[A-Za-z0-9][A-Za-z0-9._:/-]{1,127}", "the id of the process by which one withdraws"
        ),
        "controller": Field(r"[a-z0-9][a-z0-9-]{1,62}", "a slug of the organisation"),
        "data-category": Field(r"[a-z][a-z0-9-]{1,62}", "one word, like biometric-voice"),
    }
)
"""Name without prefix → field."""

REQUIRED: Final = tuple(name for name, field in FIELDS.items() if field.required)
"""The names without which nothing starts."""
