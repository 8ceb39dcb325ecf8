"""What the rule on retention passes and refuses, and attempts to bypass it."""

from __future__ import annotations

from typing import Final

from tests.policies.analyzer import UNKNOWN, Declared
from tests.policies.case import Case, Table
from tests.policies.tagged import tagged
from tests.policies.voice_stack import (
    CONSENT,
    STREAM,
    consent,
    domain,
    pipeline,
    stream,
    task,
    whole,
)


def _pass_up_to_the_ceiling(table: Table) -> None:
    """Pass retention up to the ceiling of each jurisdiction."""
    table.passes("a whole stack with consent", *whole())
    table.passes("Illinois, the ceiling", task(tags=consent(jurisdiction="US-IL", retention_days="1095")))
    table.passes("Colorado, the ceiling", task(tags=consent(jurisdiction="US-CO", retention_days="730")))
    table.refuses(
        "Colorado, a day more",
        task(tags=consent(jurisdiction="US-CO", retention_days="731")),
        hints=["US-CO"],
    )
    table.passes("Texas, the ceiling", task(tags=consent(jurisdiction="US-TX", retention_days="365")))
    table.passes(
        "a place without a number, AWS's ceiling",
        task(tags=consent(jurisdiction="DE", retention_days="1095")),
    )
    table.passes(
        "a type that is out of scope", tagged("aws:s3/bucket:Bucket", consent(retention_days="9999"))
    )
    table.passes(
        "a stream as long as its tag", stream(tags=consent(retention_days="2"), dataRetentionInHours=48)
    )
    table.passes("a stream that keeps nothing", Declared(STREAM, "s", {"tags": CONSENT}))
    table.passes(
        "a task that listens to nothing",
        task(tags=consent(jurisdiction="US-TX", retention_days="366"), listen=False),
    )
    table.passes("malformed days are another rule's matter", task(tags=consent(retention_days="x")))
    table.passes(
        "a setting can't raise a ceiling, nor does it lower others",
        task(tags=consent(jurisdiction="DE", retention_days="1000")),
        ceilings={"FR": 10},
    )


def _refuse_beyond_the_ceiling(table: Table) -> None:
    """Refuse a day more than the ceiling."""
    table.refuses(
        "Illinois, a day more",
        task(tags=consent(jurisdiction="US-IL", retention_days="1096")),
        hints=["1095 days, the ceiling of"],
    )
    table.refuses(
        "Texas, a day more",
        task(tags=consent(jurisdiction="US-TX", retention_days="366")),
        hints=["365 days", "503.001"],
    )
    table.refuses(
        "the strictest of several",
        task(tags=consent(jurisdiction="US-IL+US-TX", retention_days="366")),
        hints=["US-TX"],
    )
    table.refuses(
        "a country that hides its states",
        task(tags=consent(jurisdiction="US", retention_days="366")),
        hints=["US-TX"],
    )
    table.refuses(
        "anywhere, more than AWS itself",
        task(tags=consent(jurisdiction="DE", retention_days="1096")),
        hints=["ceiling of *"],
    )
    table.refuses(
        "no jurisdiction, more than AWS itself",
        task(tags=consent(without=("jurisdiction",), retention_days="1096")),
    )


def _refuse_by_settings_and_streams(table: Table) -> None:
    """Refuse what settings and streams would keep longer."""
    table.refuses(
        "a setting that raises Texas",
        task(tags=consent(jurisdiction="US-TX", retention_days="366")),
        ceilings={"US-TX": 900},
    )
    table.refuses(
        "a ceiling that a setting adds",
        task(tags=consent(jurisdiction="DE", retention_days="31")),
        ceilings={"DE": 30},
    )
    table.refuses(
        "a country's ceiling for its part",
        task(tags=consent(jurisdiction="DE-BY", retention_days="31")),
        ceilings={"DE": 30},
    )
    table.refuses(
        "a stream longer than its tag",
        stream(tags=consent(retention_days="2"), dataRetentionInHours=49),
        hints=["longer than its own"],
    )
    table.refuses(
        "a stream longer than the ceiling",
        stream(tags=consent(jurisdiction="US-TX"), dataRetentionInHours=365 * 24 + 1),
        hints=["365 days"],
    )
    table.refuses(
        "a stream whose retention is unknown",
        stream(dataRetentionInHours=UNKNOWN),
        hints=["only known after"],
    )


def _refuse_for_users(table: Table) -> None:
    """Refuse what the users of a resource do not allow."""
    texan = consent(jurisdiction="US-TX", retention_days="365")
    long = consent(jurisdiction="DE", retention_days="366")
    table.refuses(
        "a domain that a task from Texas uses", task(tags=texan), domain(tags=long), hints=["US-TX"]
    )
    table.refuses(
        "a stream that a pipeline from Texas uses", pipeline(tags=texan), stream(tags=long), hints=["US-TX"]
    )


def _kept() -> list[Case]:
    table = Table("consent-retention")
    _pass_up_to_the_ceiling(table)
    _refuse_beyond_the_ceiling(table)
    _refuse_by_settings_and_streams(table)
    _refuse_for_users(table)
    return table.cases


RETENTION_CASES: Final = _kept()
