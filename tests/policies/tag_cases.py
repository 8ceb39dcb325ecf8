"""What the rules on consent tags pass and refuse, and attempts to bypass them."""

from __future__ import annotations

from typing import Final

from tests.policies.analyzer import UNKNOWN, Declared, secret
from tests.policies.case import Case, Table
from tests.policies.voice_stack import (
    CONSENT,
    IN_SCOPE,
    STREAM,
    TASK,
    VOICE_PROFILE,
    configuration,
    consent,
    domain,
    pipeline,
    profile,
    stream,
    task,
    whole,
)

_REQUIRED: Final = (
    "schema",
    "record-ref",
    "notice",
    "purpose",
    "basis",
    "jurisdiction",
    "status",
    "expires",
    "retention-days",
)


_OTHER_TYPE: Final = "awscc:kinesisvideo:Stream"


_KEY_VALUE_TAGS: Final = [{"key": key, "value": value} for key, value in CONSENT.items()]


def _as(type_token: str, tags: object = CONSENT, name: str = "one", **more: object) -> Declared:
    return Declared(type_token, name, {"tags": tags, **more})


def _lacking() -> list[Case]:
    table = Table("consent-tags-required")
    table.passes("a whole stack with consent", *whole())
    table.passes("a type that is out of scope", Declared("aws:s3/bucket:Bucket", "bucket", {}))
    table.passes("a task that listens to nothing", task(tags={}, listen=False))
    table.passes("a tag that is not required is absent", task(tags=consent(without=("method",))))
    table.passes(
        "tags in tagsAll alone, from the provider's default tags", Declared(STREAM, "s", {"tagsAll": CONSENT})
    )
    table.passes(
        "a tag that no setting requires", task(tags=consent(without=("schema",))), required=["purpose"]
    )
    table.passes(
        "another prefix", task(tags={f"legal/{k[8:]}": v for k, v in CONSENT.items()}), prefix="legal/"
    )
    table.passes(
        "an added type with a list of tags", _as(_OTHER_TYPE, _KEY_VALUE_TAGS), additionalTypes=[_OTHER_TYPE]
    )
    table.passes("an unknown tag is there", task(tags=consent(schema=UNKNOWN)))
    table.passes("all tags unknown is another rule's matter", task(tags=UNKNOWN))
    table.passes(
        "an absent tag that default tags may bring", Declared(STREAM, "s", {"tags": {}, "tagsAll": UNKNOWN})
    )
    for type_token in IN_SCOPE:
        table.refuses(f"{type_token} without tags", Declared(type_token, "bare", {}), hints=_REQUIRED)
    for name in _REQUIRED:
        table.refuses(f"no {name}", task(tags=consent(without=(name,))), hints=[f"consent:{name}"])
    table.refuses("an empty tag", task(tags=consent(notice="")), hints=["consent:notice (empty)"])
    table.refuses("a blank tag", task(tags=consent(notice="  ")), hints=["consent:notice (empty)"])
    for key in (
        "Consent:Status",
        "consent: status",
        "consent:status ",
        "consent.status",
        "consent_status",
        "сonsent:stаtus",
        "ｃonsent:status",
        "consent:\u200bstatus",
        "consent:statuss",
        "c0nsent:status",
    ):
        tags = {**consent(without=("status",)), key: "given"}
        table.refuses(
            f"the key {key!a} for status", task(tags=tags), hints=["has a different key", ascii(key)]
        )
    table.refuses("a setting can't drop the status", task(tags=consent(without=("status",))), required=[])
    table.refuses("a setting can require more", task(), required=["withdrawal"], hints=["consent:withdrawal"])
    table.refuses("tags that tagsAll does not have", Declared(STREAM, "s", {"tags": CONSENT, "tagsAll": {}}))
    table.refuses("an added type", _as(_OTHER_TYPE, {}), additionalTypes=[_OTHER_TYPE])
    table.refuses("tags that were taken off in AWS", Declared(STREAM, "s", {"tags": CONSENT}, {"tags": {}}))
    table.refuses("only our own ledger tags", pipeline(tags={"speaker-search:pipeline": "x"}))
    return table.cases


def _malformed() -> list[Case]:
    table = Table("consent-tags-well-formed")
    table.passes("a whole stack with consent", *whole())
    table.passes("a type that is out of scope", _as("aws:s3/bucket:Bucket", {"consent:schema": "?"}))
    table.passes(
        "optional tags", task(tags=consent(method="e-signature", controller="acme", withdrawal="proc-1"))
    )
    table.passes("tags of others", task(tags={**CONSENT, "team": "voice", "speaker-search:pipeline": "?"}))
    table.passes("unknown values are another rule's matter", task(tags=consent(schema=UNKNOWN)))
    table.passes("a task that listens to nothing", task(tags=consent(schema="?"), listen=False))
    table.passes("empty values are another rule's matter", task(tags=consent(schema="")))
    table.passes("a listed purpose", task(tags=consent(purpose="a+b")), purposes=["a", "b"])
    table.passes("a listed jurisdiction", task(tags=consent(jurisdiction="US-IL")), jurisdictions=["US-IL"])
    table.passes("a listed basis", task(tags=consent(basis="eu-gdpr:A9-2-a")), bases=["eu-gdpr:A9-2-a"])
    wrong = {
        "schema": ("1.0", "Name:1.0", "name:1", "name:1.0\n"),
        "record-ref": ("short-1", "has space in it", "x" * 129),
        "notice": ("notice", "http://example.com/n", "https://example.com/n?id=7"),
        "purpose": ("Fraud", "fraud++quality", "+fraud", "fraud quality"),
        "basis": ("gdpr", "EU:A9", "eu-gdpr:"),
        "jurisdiction": ("us-il", "USA", "US-IL US-TX", "US-ILLI"),
        "status": ("Given", "given ", "yes"),
        "expires": ("2026-02-31", "31.12.2099", "2099-1-1", "never"),
        "retention-days": ("0", "10000", "90.0", "-1", "９０"),
    }
    for name, values in wrong.items():
        for value in values:
            tags = consent((), **{name.replace("-", "_"): value})
            table.refuses(
                f"{name} {value[:20]!a}", task(tags=tags), hints=[f"consent:{name} is not of the form"]
            )
    table.refuses("a number instead of text", task(tags=consent(retention_days=90)), hints=["is not text"])
    table.refuses("a list instead of text", task(tags=consent(purpose=["a", "b"])), hints=["is not text"])
    table.refuses(
        "an unknown key", task(tags=consent(purposes="a")), hints=["did you mean 'consent:purpose'"]
    )
    table.refuses("a key like no other", task(tags=consent(zzz="a")), hints=["is no consent tag"])
    table.refuses("a purpose off the list", task(tags=consent(purpose="a+c")), purposes=["a", "b"])
    table.refuses(
        "a jurisdiction off the list", task(tags=consent(jurisdiction="US-IL+DE")), jurisdictions=["US-IL"]
    )
    table.refuses("a basis off the list", task(tags=consent(basis="us-tx:cubi")), bases=["us-il:bipa-15b"])
    table.refuses("an added type", _as(_OTHER_TYPE, consent(schema="?")), additionalTypes=[_OTHER_TYPE])
    table.refuses(
        "a tag that became wrong in AWS",
        Declared(STREAM, "s", {"tags": CONSENT}, {"tags": consent(schema="?")}),
    )
    return table.cases


def _out_of_force() -> list[Case]:
    table = Table("consent-in-force")
    table.passes("a whole stack with consent", *whole())
    table.passes("the last day itself", task(tags=consent(expires="2026-11-23")))
    table.passes(
        "exactly as many days left as wanted", task(tags=consent(expires="2026-12-23")), minimumDaysLeft=30
    )
    table.passes("absent tags are another rule's matter", task(tags={}))
    table.passes(
        "unknown tags are another rule's matter", task(tags=consent(status=UNKNOWN, expires=UNKNOWN))
    )
    table.passes("a type that is out of scope", _as("aws:s3/bucket:Bucket", consent(status="withdrawn")))
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
    withdrawn, past = consent(status="withdrawn"), consent(expires="2026-11-22")
    for what, tags in (("withdrawn", withdrawn), ("past", past)):
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
        table.refuses(f"{what}, and an enrolment", profile(tags=tags))
        table.refuses(
            f"{what} on the domain of a voice profile",
            domain(tags=tags),
            profile(),
            hints=["on its domain domain"],
        )
        table.passes(
            f"{what} on the domain of a voice profile that is gone",
            domain(tags=tags),
            _enrolled("gone", tags),
        )
        table.refuses(f"{what} in AWS, and a voice profile that is there", _enrolled("enrolled", tags))
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
                f"{what} on the domain of a search that has {outcome}", domain(tags=tags), _became(outcome)
            )
        for outcome in ("starting", "waiting_for_audio", "running", "unheard-of", UNKNOWN):
            table.refuses(f"{what} on the domain of a search: {outcome}", domain(tags=tags), _became(outcome))
        table.passes(f"{what} in AWS, of a search that has ended", _became("ended", tags))
        table.refuses(f"{what} in AWS, of a search that runs", _became("running", tags))
    table.passes(
        "withdrawn on a stream of a type that a setting adds",
        _as(_OTHER_TYPE, withdrawn),
        additionalTypes=[_OTHER_TYPE],
    )
    table.refuses(
        "withdrawn on an added type with the shape of a task",
        _as("acme:index:Task", withdrawn, identifier="x", voiceProfileDomainArn="x"),
        additionalTypes=["acme:index:Task"],
    )
    table.refuses(
        "an outcome that the program itself declares", task(tags=withdrawn, outcome="ended", listen=True)
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
    return table.cases


def _became(outcome: str, tags: object = CONSENT) -> Declared:
    """A task whose outputs have its outcome and its tags in AWS."""
    made = task()
    return Declared(
        TASK, "task", made.inputs, {**made.inputs, "outcome": outcome, "tags": tags}, made.parents
    )


def _enrolled(outcome: str, tags: object) -> Declared:
    """A voice profile whose outputs have its outcome and its tags."""
    made = profile()
    return Declared(VOICE_PROFILE, made.name, made.inputs, {**made.inputs, "outcome": outcome, "tags": tags})


def _unknowable() -> list[Case]:
    table = Table("consent-known")
    table.passes("a whole stack with consent", *whole())
    table.passes("a task that listens to nothing", task(tags=UNKNOWN, listen=False))
    table.passes("another tag that is unknown", task(tags={**CONSENT, "Name": UNKNOWN}))
    table.passes("tagsAll unknown, all required tags in tags", stream(tagsAll=UNKNOWN))
    table.passes(
        "outputs of a preview", Declared(STREAM, "s", {"tags": CONSENT}, {"tags": UNKNOWN, "arn": UNKNOWN})
    )
    table.passes("a type that is out of scope", _as("aws:s3/bucket:Bucket", UNKNOWN))
    table.passes("another prefix's tag is unknown", task(tags={"consent:x": UNKNOWN}), prefix="legal/")
    table.refuses(
        "one unknown tag", task(tags=consent(notice=UNKNOWN)), hints=["consent:notice is only known after"]
    )
    table.refuses("all tags unknown", task(tags=UNKNOWN), hints=["whether it carries", "consent:status"])
    table.refuses("default tags that may bring one", Declared(STREAM, "s", {"tags": {}, "tagsAll": UNKNOWN}))
    table.refuses("an unknown tag that is not required", task(tags=consent(method=UNKNOWN)))
    table.refuses(
        "a secret that can't be decrypted", task(tags=consent(notice="[secret]")), hints=["can't decrypt"]
    )
    table.refuses("all tags a secret that can't be decrypted", task(tags="[secret]"), hints=["can't decrypt"])
    table.refuses(
        "an unknown key in a list",
        _as(_OTHER_TYPE, [{"key": UNKNOWN, "value": "x"}]),
        additionalTypes=[_OTHER_TYPE],
    )
    table.refuses("an unknown tag in a list", _as(_OTHER_TYPE, [UNKNOWN]), additionalTypes=[_OTHER_TYPE])
    return table.cases


TAG_CASES: Final = [*_lacking(), *_malformed(), *_out_of_force(), *_unknowable()]
