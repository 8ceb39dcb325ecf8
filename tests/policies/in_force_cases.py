"""What the rule on consent in force passes and refuses, and attempts to bypass it."""

from __future__ import annotations

from typing import Final

from tests.policies.analyzer import UNKNOWN, Declared, secret
from tests.policies.case import Case, Table
from tests.policies.tagged import OTHER_TYPE, became, enrolled, tagged
from tests.policies.voice_stack import (
    CONSENT,
    TASK,
    configuration,
    consent,
    domain,
    pipeline,
    profile,
    stream,
    task,
    whole,
)

_WITHDRAWN, _PAST = consent(status="withdrawn"), consent(expires="2026-11-22")


def _compare_dates(table: Table) -> None:
    """Compare the last day with today, and the status with `given`."""
    table.passes("a whole stack with consent", *whole())
    table.passes("the last day itself", task(tags=consent(expires="2026-11-23")))
    table.passes(
        "exactly as many days left as wanted", task(tags=consent(expires="2026-12-23")), minimumDaysLeft=30
    )
    table.passes("absent tags are another rule's matter", task(tags={}))
    table.passes(
        "unknown tags are another rule's matter", task(tags=consent(status=UNKNOWN, expires=UNKNOWN))
    )
    table.passes("a type that is out of scope", tagged("aws:s3/bucket:Bucket", consent(status="withdrawn")))
    table.refuses(
        "the day after", task(tags=consent(expires="2026-11-22")), hints=["consent:expires is past"]
    )
    table.refuses(
        "one day fewer than wanted",
        task(tags=consent(expires="2026-12-22")),
        minimumDaysLeft=30,
        hints=["fewer than 30"],
    )
    table.refuses(
        "consent withdrawn", task(tags=consent(status="withdrawn")), hints=["consent:status is not 'given'"]
    )
    table.refuses("consent expired", task(tags=consent(status="expired")))


def _withdrawn_and_past(table: Table) -> None:
    """Refuse a withdrawn or past consent wherever a search depends on it, and pass what ends."""
    for what, tags in (("withdrawn", _WITHDRAWN), ("past", _PAST)):
        everything = [made(tags=tags) for made in (domain, stream, configuration)]
        table.passes(f"{what}, and every search taken out", *everything)
        table.passes(
            f"{what}, and listening to nothing",
            *everything,
            pipeline(tags=tags, listen=False),
            task(tags=tags, listen=False),
        )
        table.refuses(f"{what}, and a pipeline", pipeline(tags=tags))
        table.refuses(f"{what}, and a pipeline that listens", pipeline(tags=tags, listen=True))
        table.refuses(f"{what}, and a task that may listen", task(tags=tags, listen=UNKNOWN))
        table.passes(f"{what}, and a voice profile, which listens to nothing", profile(tags=tags))
        table.passes(f"{what} on the domain of a voice profile", domain(tags=tags), profile())
        table.passes(f"{what} in AWS, and a voice profile that is there", enrolled("enrolled", tags))
        table.refuses(
            f"{what}, and a type of the program's own that enrols",
            tagged("acme:index:Profile", tags, speakerSearchTaskId="x"),
            additionalTypes=["acme:index:Profile"],
        )
        table.refuses(
            f"{what} on the domain of a search", domain(tags=tags), task(), hints=["on its domain domain"]
        )
        table.refuses(
            f"{what} on the stream of a search",
            configuration(),
            stream(tags=tags),
            pipeline(),
            task(),
            also=["pipeline"],
            hints=["on its stream stream"],
        )
        table.refuses(
            f"{what} on the configuration of a pipeline",
            configuration(tags=tags),
            pipeline(),
            hints=["on its configuration configuration"],
        )
        table.passes(
            f"{what} on the domain of a search that listens to nothing", domain(tags=tags), task(listen=False)
        )
        for outcome in ("ended", "failed", "gone"):
            table.passes(
                f"{what} on the domain of a search that has {outcome}", domain(tags=tags), became(outcome)
            )
        for outcome in ("starting", "waiting_for_audio", "running", "unheard-of", UNKNOWN):
            table.refuses(f"{what} on the domain of a search: {outcome}", domain(tags=tags), became(outcome))
        table.passes(f"{what} in AWS, of a search that has ended", became("ended", tags))
        table.refuses(f"{what} in AWS, of a search that runs", became("running", tags))


def _refuse_malformed(table: Table) -> None:
    """Refuse other types, and status and dates that can not be read."""
    table.passes(
        "withdrawn on a stream of a type that a setting adds",
        tagged(OTHER_TYPE, _WITHDRAWN),
        additionalTypes=[OTHER_TYPE],
    )
    table.refuses(
        "withdrawn on an added type with the shape of a task",
        tagged("acme:index:Task", _WITHDRAWN, identifier="x", voiceProfileDomainArn="x"),
        additionalTypes=["acme:index:Task"],
    )
    table.refuses(
        "an outcome that the program itself declares", task(tags=_WITHDRAWN, outcome="ended", listen=True)
    )
    table.refuses("a status in capitals", task(tags=consent(status="GIVEN")))
    table.refuses("an empty status", task(tags=consent(status="")))
    table.refuses("no date", task(tags=consent(expires="never")), hints=["is no date"])
    table.refuses("a day that no month has", task(tags=consent(expires="2027-02-30")), hints=["is no date"])
    table.refuses("an empty date", task(tags=consent(expires="")))
    table.refuses("a number for a date", task(tags=consent(expires=20991231)))
    table.refuses("a secret that is past", task(tags=consent(expires=secret("2020-01-01"))))
    table.refuses(
        "default tags win over nothing",
        Declared(TASK, "s", {"tags": {}, "tagsAll": consent(status="expired")}),
    )
    table.refuses(
        "withdrawn in AWS since",
        Declared(TASK, "s", {"tags": CONSENT}, {"tags": consent(status="withdrawn")}),
    )


def _out_of_force() -> list[Case]:
    table = Table("consent-in-force")
    _compare_dates(table)
    _withdrawn_and_past(table)
    _refuse_malformed(table)
    return table.cases


IN_FORCE_CASES: Final = _out_of_force()
