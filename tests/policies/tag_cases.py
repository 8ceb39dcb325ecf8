"""What the rules on consent tags pass and refuse, and attempts to bypass them."""

from __future__ import annotations

from typing import Final

from tests.policies.analyzer import UNKNOWN, Declared
from tests.policies.case import Case, Table
from tests.policies.in_force_cases import IN_FORCE_CASES
from tests.policies.tagged import OTHER_TYPE, tagged
from tests.policies.voice_stack import (
    CONSENT,
    IN_SCOPE,
    STREAM,
    consent,
    pipeline,
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


_KEY_VALUE_TAGS: Final = [{"key": key, "value": value} for key, value in CONSENT.items()]


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
        "an added type with a list of tags", tagged(OTHER_TYPE, _KEY_VALUE_TAGS), additionalTypes=[OTHER_TYPE]
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
    table.refuses("an added type", tagged(OTHER_TYPE, {}), additionalTypes=[OTHER_TYPE])
    table.refuses("tags that were taken off in AWS", Declared(STREAM, "s", {"tags": CONSENT}, {"tags": {}}))
    table.refuses("only our own ledger tags", pipeline(tags={"speaker-search:pipeline": "x"}))
    return table.cases


def _malformed() -> list[Case]:
    table = Table("consent-tags-well-formed")
    table.passes("a whole stack with consent", *whole())
    table.passes("a type that is out of scope", tagged("aws:s3/bucket:Bucket", {"consent:schema": "?"}))
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
    table.refuses("an added type", tagged(OTHER_TYPE, consent(schema="?")), additionalTypes=[OTHER_TYPE])
    table.refuses(
        "a tag that became wrong in AWS",
        Declared(STREAM, "s", {"tags": CONSENT}, {"tags": consent(schema="?")}),
    )
    return table.cases


def _unknowable() -> list[Case]:
    table = Table("consent-known")
    table.passes("a whole stack with consent", *whole())
    table.passes("a task that listens to nothing", task(tags=UNKNOWN, listen=False))
    table.passes("another tag that is unknown", task(tags={**CONSENT, "Name": UNKNOWN}))
    table.passes("tagsAll unknown, all required tags in tags", stream(tagsAll=UNKNOWN))
    table.passes(
        "outputs of a preview", Declared(STREAM, "s", {"tags": CONSENT}, {"tags": UNKNOWN, "arn": UNKNOWN})
    )
    table.passes("a type that is out of scope", tagged("aws:s3/bucket:Bucket", UNKNOWN))
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
        tagged(OTHER_TYPE, [{"key": UNKNOWN, "value": "x"}]),
        additionalTypes=[OTHER_TYPE],
    )
    table.refuses("an unknown tag in a list", tagged(OTHER_TYPE, [UNKNOWN]), additionalTypes=[OTHER_TYPE])
    return table.cases


TAG_CASES: Final = [*_lacking(), *_malformed(), *IN_FORCE_CASES, *_unknowable()]
