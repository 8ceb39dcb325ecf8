"""The longest retention of biometric data by jurisdiction. Data only; none of it is legal advice.

A number of days is a ceiling, not a proof: the statutes count per person, and retention ends when the purpose does.
`EVERYWHERE` is the ceiling of jurisdictions whose law has no number: GDPR (no longer than necessary), Washington
(reasonably necessary), Québec (until the purpose is achieved).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Ceiling:
    """The longest retention that a law, or AWS itself, permits.

    Attributes:
        jurisdiction: ISO 3166 code, or `*` for any.
        days: The longest retention.
        statute: Citation.
        source: URL of the text.
    """

    jurisdiction: str
    days: int
    statute: str
    source: str


CEILINGS: Final = (
    Ceiling(
        "US-CO",
        730,
        "C.R.S. 6-1-1314 (HB24-1130): 24 months after the last interaction",
        "https://leg.colorado.gov/bills/hb24-1130",
    ),
    Ceiling(
        "US-IL",
        1095,
        "740 ILCS 14/15(a): 3 years after the last interaction",
        "https://www.ilga.gov/legislation/ilcs/ilcs3.asp?ActID=3004",
    ),
    Ceiling(
        "US-TX",
        365,
        "Tex. Bus. & Com. Code 503.001(c)(3): 1 year after the purpose expires",
        "https://statutes.capitol.texas.gov/Docs/BC/htm/BC.503.htm",
    ),
)
"""One entry for each jurisdiction whose law has a number."""

EVERYWHERE: Final = Ceiling(
    "*",
    1095,
    "Amazon Chime SDK voice analytics: embeddings are kept for 3 years",
    "https://docs.aws.amazon.com/chime-sdk/latest/dg/va-data-retention.html",
)
"""The ceiling where no law has a number."""
