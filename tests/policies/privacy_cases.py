"""What consent-no-personal-data passes and refuses, and attempts to bypass it."""

from __future__ import annotations

import base64
from typing import Final

from tests.policies.analyzer import UNKNOWN, Declared, secret
from tests.policies.case import Case, Table
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

_OTHER_TYPE: Final = "awscc:kinesisvideo:Stream"


def _as(type_token: str, tags: object = CONSENT, name: str = "one", **more: object) -> Declared:
    return Declared(type_token, name, {"tags": tags, **more})


_MAIL, _ENCODED = "a.person@example.com", base64.b64encode(b"a.person@example.com").decode()


def _pass_identifiers(table: Table) -> None:
    """Pass identifiers, dates and names that only look like personal data."""
    table.passes("a whole stack with consent", *whole())
    for text in (
        "arn:aws:iam::123456789012:role/voice",
        "2026-11-23",
        "0f8fad5b-d9cb-469f-a165-70867728950e",
        "DPIA 2026/0012-A",
        "v1.2.3-rc4",
        "1732380000",
        "123-45-67890",
        "4111 1111 1111 1112",
        "000-12-3456",
        "US-IL+US-TX+CA-QC",
        "team at work",
        "111.111.111-11",
        "DE12 3456 7890 1234 5678 90",
        "12345678A",
        "speaker-search:callers:v3",
        "eyJhbGciOiJub25lIn0x",
        "voice0001a",
        "VOICE0001A",
        "calls-ABCPE1234F-x",
        "phone-20261125",
        "phone_2175550123",
        "telephone-exchange-20261125",
        "arn:aws:iam::001234567890:role/voice",
        "arn:aws:kinesisvideo:us-east-1:004420794601:stream/calls/1700000000000",
        "001234567890",
        "CASE/0012345678",
        "CASE-217-555-0123-A",
        "case/219-09-9999",
        "rec:219-09-9999",
        "build/217-555-0123",
        "log.AB123456C.txt",
        "team-ab123456c",
        "GB123456C",
        "dob-2026-11-25",
        "newborn: 2026-11-25",
        "rec/RSSMRA85T10A562X",
        "DE88370400440532013000",
        "1234-5678-9012",
    ):
        table.passes(f"the harmless {text}", task(tags={**CONSENT, "note": text}))
    table.passes("a record's reference with zeros", task(tags=consent(record_ref="CASE/0012345678")))
    table.passes("a resource named like a number", task(name="voice0001a"), stream(name="phone-20261125"))


def _pass_what_is_not_searched(table: Table) -> None:
    """Pass what a setting allows, and what is not searched."""
    table.passes(
        "a text that a setting allows",
        task(tags={**CONSENT, "note": "217-555-0123"}, description="217-555-0123"),
        allowedTexts=["217-555-0123"],
    )
    table.refuses(
        "a text that only has an allowed one in it",
        task(tags={**CONSENT, "note": "at 217-555-0123"}),
        allowedTexts=["217-555-0123"],
    )
    table.passes(
        "a type that is out of scope", _as("aws:s3/bucket:Bucket", {"owner": "a.person@example.com"})
    )
    table.passes("a property that is not looked through", task(region="a.person@example.com"))
    table.passes("unknown text", task(tags={"note": UNKNOWN}, description=UNKNOWN))


def _refuse_kinds(table: Table) -> None:
    """Refuse each kind of personal data, plain or disguised."""
    for kind, texts in {
        "an e-mail address": (
            _MAIL,
            "a.person＠example.com",
            "a.per\u200bson@example.com",
            "a.person%40example.com",
            "a.person at example dot com",
            "a_person_at_example_dot_com",
            "a.person(at)example(dot)com",
            _ENCODED,
            f"contact {_MAIL}!",
        ),
        "a phone number": (
            "+1 217 555 0123",
            "+442079460123",
            "(217) 555-0123",
            "217-555-0123",
            "217.555.0123",
            "0044 20 7946 0123",
            "tel:2175550123",
            "+١٢١٧٥٥٥٠١٢٣",
        ),
        "a US social security number": ("219-09-9999", "219 09 9999", "219.09.9999", "is 219-09-9999."),
        "a payment card number": ("4111 1111 1111 1111", "4111111111111111", "5500-0000-0000-0004"),
        "a bank account number": ("DE89 3704 0044 0532 0130 00", "GB82WEST12345698765432"),
        "a UK national insurance number": ("AB 12 34 56 C", "ab123456c"),
        "a Spanish identity number": ("12345678Z", "X1234567L"),
        "an Italian tax code": ("RSSMRA85T10A562S",),
        "a Brazilian CPF": ("529.982.247-25",),
        "an Indian PAN": ("ABCPE1234F",),
        "a date of birth": ("born 1980-02-29", "dob: 29.02.1980", "dob=1980-02-29."),
    }.items():
        for text in texts:
            table.refuses(f"{kind} as {text!a}", task(tags={**CONSENT, "note": text}), hints=[kind])
    table.refuses(
        "a bare number in a consent tag", task(tags=consent(record_ref="2175550123")), hints=["bare number"]
    )


def _refuse_places(table: Table) -> None:
    """Refuse personal data in each place that is searched."""
    table.refuses("in a description", domain(description=f"Ask {_MAIL}"), hints=["description has"])
    table.refuses("in a name", stream(name="calls"), domain(name="d", description=_MAIL))
    table.refuses("in the name in the program", task(name=_MAIL), hints=["its name in the program"])
    table.refuses("in a tag's key", task(tags={**CONSENT, _MAIL: "x"}), hints=["the key of tag"])
    table.refuses(
        "in a tag of a list",
        _as(_OTHER_TYPE, [{"Key": "who", "Value": _MAIL}]),
        additionalTypes=[_OTHER_TYPE],
    )
    table.refuses("in runtime metadata", pipeline(media_insights_runtime_metadata={"from": "+12175550123"}))
    table.refuses(
        "deep in a property that a setting adds", task(extra={"a": [{"b": _MAIL}]}), properties=["extra"]
    )
    table.refuses("as a secret", task(tags={"note": secret(_MAIL)}))
    table.refuses(
        "in AWS only", Declared(STREAM, "s", {"tags": CONSENT}, {"tags": {**CONSENT, "who": _MAIL}})
    )


def _personal() -> list[Case]:
    table = Table("consent-no-personal-data")
    _pass_identifiers(table)
    _pass_what_is_not_searched(table)
    _refuse_kinds(table)
    _refuse_places(table)
    return table.cases


PRIVACY_CASES: Final = [*_personal()]
