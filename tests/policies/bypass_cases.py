"""What consent-not-bypassed passes and refuses, and attempts to bypass it."""

from __future__ import annotations

from typing import Final

from tests.policies.analyzer import UNKNOWN, Declared, secret
from tests.policies.case import Case, Table
from tests.policies.voice_stack import (
    CONSENT,
    SEARCH,
    STREAM,
    TASK,
    consent,
    pipeline,
    stream,
    task,
    whole,
)

_OTHER_TYPE: Final = "awscc:kinesisvideo:Stream"


def _pass_what_hides_nothing(table: Table) -> None:
    """Pass options that hide neither tags nor searches."""
    table.passes("a whole stack with consent", *whole())
    table.passes("ignoreChanges of something else", _ignoring("dataRetentionInHours"))
    table.passes("ignoreChanges of another tag", _ignoring("tags.Name"))
    table.passes("ignoreChanges of another tag in brackets", _ignoring('tags["Name"]'))
    table.passes("a task right under the stack", task(parents=()))
    table.passes(
        "a component that a setting allows",
        task(parents=("acme:index:Calls",)),
        allowedParents=["acme:index:Calls"],
    )
    table.passes("SpeakerSearch within another component", task(parents=("acme:index:Calls", SEARCH)))
    table.passes(
        "a stream under any component",
        Declared(STREAM, "s", {"tags": CONSENT}, parents=("acme:index:Calls",)),
    )
    table.passes("no ledger where a setting allows it", task(ledger=False), allowWithoutLedger=True)
    table.passes("unknown default tags", stream(tagsAll=UNKNOWN))
    table.passes("an unknown tag in tagsAll", stream(tagsAll={**CONSENT, "consent:notice": UNKNOWN}))
    table.passes("ignoreChanges of another tag in two brackets", _ignoring('["tags"]["Name"]'))
    table.passes("ignoreChanges of another tag of a list by its key", _ignoring("tagsAll.Name"))
    table.passes("ignoreChanges of a property with the word in it", _ignoring("tagsOfOthers"))
    table.passes("released, where a setting allows it", task(stop_on_delete=False), allowWithoutLedger=True)
    table.passes("without ledger, and listening to nothing", task(ledger=False, listen=False))
    table.passes("released, and listening to nothing", pipeline(stop_on_delete=False, listen=False))
    table.passes("in another component, and listening to nothing", task(parents=("a:index:B",), listen=False))
    table.passes("a stream whose listen is ignored", _ignoring("listen"))
    table.passes("a ledger and a stop, both on", task(ledger=True, stop_on_delete=True))


def _refuse_hidden_tags(table: Table) -> None:
    """Refuse ignoreChanges on consent tags, and tags that contradict each other."""
    for path in (
        "tags",
        "tagsAll",
        "*",
        "tags.*",
        '["tags"]',
        'tags["consent:status"]',
        "tags.consent:status",
        " tags ",
        '["tags"]["consent:status"]',
        '[ "tags" ][ "consent:status" ]',
        "['tags']['consent:status']",
        "[tags][consent:status]",
        'tags["consent:record-ref"]',
        "tagsAll.consent:expires",
        'tags_all["consent:expires"]',
        "Tags",
        'tags["*"]',
        "tags[*]",
        "tags[0].value",
        '["*"]',
        "**",
        "",
        'tags["consent\\:status"]',
    ):
        table.refuses(f"ignoreChanges of {path}", _ignoring(path), hints=["ignoreChanges"])
    contradicting = {"tags": CONSENT, "tagsAll": consent(status="withdrawn")}
    table.refuses(
        "tags that tagsAll contradicts", Declared(STREAM, "s", contradicting), hints=["consent:status"]
    )
    table.refuses(
        "tags that tagsAll lacks",
        Declared(STREAM, "s", {"tags": CONSENT, "tagsAll": {}}),
        hints=["contradict"],
    )


def _refuse_unseen_searches(table: Table) -> None:
    """Refuse parents and options with which a search runs unseen."""
    table.refuses(
        "a task in another component", task(parents=(SEARCH, "acme:index:Calls")), hints=["acme:index:Calls"]
    )
    table.refuses("a pipeline in another component", pipeline(parents=("acme:index:Calls",)))
    table.refuses("a task under a resource", task(parents=(SEARCH, STREAM)))
    table.refuses(
        "a task right under the stack", task(parents=()), allowedAtTheRoot=False, hints=["allowedAtTheRoot"]
    )
    table.refuses("a task without ledger", task(ledger=False), hints=["ledger"])
    table.refuses("a task without ledger, as a secret", task(ledger=secret(False)))
    table.refuses("a task that is released", task(stop_on_delete=False), hints=["stop_on_delete is off"])
    table.refuses(
        "a pipeline that is released", pipeline(stop_on_delete=False), hints=["stop_on_delete is off"]
    )
    table.refuses("a task without ledger that may listen", task(ledger=False, listen=UNKNOWN))
    table.refuses("a stop that is ignored", _ignoring("listen", TASK), hints=["prevents that it is stopped"])
    table.refuses(
        "a stop that is ignored, in brackets",
        _ignoring('["listen"]', TASK),
        hints=["prevents that it is stopped"],
    )
    table.refuses(
        "an added type with ignoreChanges", _ignoring("tags", _OTHER_TYPE), additionalTypes=[_OTHER_TYPE]
    )
    table.refuses(
        "ignoreChanges of a tag with another prefix", _ignoring("tags.legal/status"), prefix="legal/"
    )


def _bypassing() -> list[Case]:
    table = Table("consent-not-bypassed")
    _pass_what_hides_nothing(table)
    _refuse_hidden_tags(table)
    _refuse_unseen_searches(table)
    return table.cases


def _ignoring(path: str, type_token: str = STREAM) -> Declared:
    return Declared(type_token, "s", {"tags": CONSENT}, ignore_changes=(path,))


BYPASS_CASES: Final = [*_bypassing()]
