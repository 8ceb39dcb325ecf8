"""What consent-covers-voice-tone passes and refuses."""

from __future__ import annotations

from typing import Any, Final

from tests.policies.analyzer import UNKNOWN, Declared
from tests.policies.case import Case, Table
from tests.policies.voice_stack import consent, task, tone_task, whole

COVERED: Final = "quality+voice-tone-analysis"


def _for(purpose: Any, **more: Any) -> Declared:
    return tone_task(tags=consent(purpose=purpose), **more)


def _covered() -> list[Case]:
    table = Table("consent-covers-voice-tone")
    table.passes("a stack without an analysis", *whole())
    table.passes("a purpose that covers it", _for(COVERED))
    table.passes("a search for any purpose", task(tags=consent(purpose="credit-scoring")))
    table.passes("an analysis that listens to nothing", _for("quality", listen=False))
    table.passes("a word that contains a forbidden one", _for("creditable-service+voice-tone-analysis"))
    table.passes("an unknown purpose is another rule's matter", _for(UNKNOWN))
    table.passes("unknown tags are another rule's matter", tone_task(tags=UNKNOWN))
    table.passes("a word of one's own", _for("sentiment"), tonePurposes=["sentiment"])
    table.passes("a forbidden word that is not there", _for(COVERED), forbiddenPurposes=["pricing"])
    table.refuses(
        "a purpose that does not cover it",
        _for("fraud-prevention+quality"),
        hints=["consent:purpose has none of the words that cover it (voice-tone-analysis)"],
    )
    table.refuses("no purpose", tone_task(tags=consent(without=("purpose",))), hints=["none of the words"])
    table.refuses("no text", _for(7), hints=["none of the words"])
    table.refuses("a purpose that only begins like it", _for("voice-tone-analysis-later"))
    table.refuses("no word that would cover it", _for(COVERED), tonePurposes=[])
    for purpose, area in [
        ("employment", "employment"),
        ("hiring-interviews", "employment"),
        ("tenant-screening", "housing"),
        ("credit-scoring", "creditworthiness"),
        ("loan-approval", "creditworthiness"),
        ("financial-offers", "financial offers"),
        ("benefits-eligibility", "a decision about a person"),
    ]:
        table.refuses(
            f"the purpose {purpose}",
            _for(f"voice-tone-analysis+{purpose}"),
            hints=[f"consent:purpose has a word about {area}"],
        )
    table.refuses(
        "a purpose that a setting forbids",
        _for(f"{COVERED}+pricing"),
        forbiddenPurposes=["pricing"],
        hints=["has a word of the setting forbiddenPurposes"],
    )
    table.refuses(
        "a setting permits no forbidden purpose",
        _for("credit-scoring"),
        tonePurposes=["credit-scoring"],
        hints=["a word about creditworthiness"],
    )
    table.refuses(
        "another prefix",
        tone_task(tags={"agreed:purpose": "quality"}),
        prefix="agreed:",
        hints=["agreed:purpose has none"],
    )
    return table.cases


VOICE_TONE_CASES: Final = [*_covered()]
