"""Reviews to write reports of: one as they are, one whose every text tries to break out of its format."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import count

from speaker_search_operations.review.consent_rows import ConsentState, ConsentTag, SearchRow, TagState
from speaker_search_operations.review.consent_timeline import timeline
from speaker_search_operations.review.review_changes import (
    ConsentChange,
    FindingChange,
    ReviewChanges,
    VerdictChange,
)
from speaker_search_operations.review.review_model import (
    Exemption,
    Judgement,
    Pack,
    Provenance,
    Review,
    ReviewedResource,
    Rule,
    Setting,
    SubjectKind,
    Verdict,
)
from speaker_search_operations.review.untrusted_text import one_line, printable

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
TODAY = NOW.date()
PREFIX = "urn:pulumi:prod::calls::"
STREAM = f"{PREFIX}aws:kinesis/videoStream:VideoStream::search"
TASK = f"{PREFIX}pulumi-python:dynamic/chime:SpeakerSearchTask::search"

HOSTILE = (
    "<script>alert(1)</script><img src=https://evil.example/x onerror=alert(2)>\"'`{{7*7}}{% x %}"
    " [click](javascript:alert(3)) @someone #1 | cell | ]]> <!-- \\ \u202e gnp.exe \x00 & {0}"
)


def tag(field: str, value: str) -> ConsentTag:
    return ConsentTag(field=field, state=TagState.STATED, value=value)


def tags(expires: str = "2027-06-30", days: str = "365") -> tuple[ConsentTag, ...]:
    return (
        tag("record-ref", "registry/record-0042"),
        tag("jurisdiction", "US-IL"),
        tag("status", "given"),
        tag("expires", expires),
        tag("retention-days", days),
    )


def review(
    *,
    judgements: tuple[Judgement, ...] = (),
    gaps: tuple[str, ...] = (),
    name: str = "search",
    text: str = "consent:expires is past.",
    lists_passed: bool = True,
) -> Review:
    """A stream and a task under one pack. Without `judgements`, one of each verdict."""
    name, text = one_line(name), printable(text)
    resources = tuple(
        ReviewedResource(
            urn=urn,
            type=urn.split("::")[2],
            name=name,
            label=f"{urn.split('::')[2].rpartition(':')[2]} {name}",
            operation="create",
            needs_consent=True,
            tags=tags(),
            media_retention_hours=24 if urn == STREAM else None,
        )
        for urn in (STREAM, TASK)
    )
    pack = Pack(
        name="consent",
        version="0.1.0",
        source="policies/consent",
        digest="ab" * 32,
        rules=tuple(
            Rule(
                name=rule,
                title=text if name != "search" else rule,
                description=text,
                level="mandatory",
                severity="critical",
                remediation=text,
                page=text,
                framework=text,
            )
            for rule in ("in-force", "known", "off", "advice", "retention", "tags", "covers")
        ),
        settings=(Setting(rule="in-force", name="days", value=text, given=True),),
    )
    return Review(
        provenance=Provenance(
            kind=SubjectKind.PREVIEW,
            project="calls" if name == "search" else name,
            stack="prod" if name == "search" else name,
            generated_at=NOW,
            tool_version="0.1.0",
            engine_version="v3.259.0",
            commit="c0ffee" * 6 + "beef",
        ),
        packs=(pack,),
        resources=resources,
        judgements=judgements or one_of_each(text),
        timeline=timeline(resources, TODAY),
        lists_passed=lists_passed,
        gaps=gaps,
        searches=(
            SearchRow(
                urn=TASK,
                search=name,
                line=f"{name}, channel 0",
                voice=f"CUSTOMER, compared with {text}",
                record=text if name != "search" else "registry/record-0042",
                purpose=text,
                jurisdiction="US-IL",
                standing=ConsentState.IN_FORCE,
                until=date(2027, 6, 30),
                listens="yes",
                change="none",
            ),
        ),
    )


def one_of_each(text: str = "consent:expires is past.") -> tuple[Judgement, ...]:
    rules = iter(("in-force", "known", "off", "advice", "retention", "tags", "covers"))
    numbers = count()
    return tuple(
        Judgement(
            pack="consent",
            rule=next(rules),
            urn="" if verdict in (Verdict.SKIPPED, Verdict.NO_FINDING) else (STREAM, TASK)[next(numbers) % 2],
            verdict=verdict,
            message="" if verdict in (Verdict.PASSED, Verdict.NO_FINDING) else text,
            exemption=Exemption(
                until=date(2027, 1, 31), owner="privacy-office", reference="DPIA-17", reason=text
            )
            if verdict is Verdict.EXEMPTED
            else None,
        )
        for verdict in Verdict
    )


def hostile_review() -> Review:
    """Every text of it that comes from outside is `HOSTILE`."""
    return review(name=HOSTILE, text=HOSTILE, gaps=(printable(HOSTILE),))


def sample_changes(text: str = "It is over.") -> ReviewChanges:
    """One change of each kind."""
    finding = FindingChange(
        pack="consent",
        rule="in-force",
        resource=one_line(text),
        verdict=Verdict.REFUSED,
        message=printable(text),
    )
    return ReviewChanges(
        since=NOW,
        since_kind=SubjectKind.DEPLOYED,
        searches_added=("line-2",),
        searches_removed=(one_line(text),),
        consent=(
            ConsentChange(resource="search", field="expires", before="2027-06-30", after=one_line(text)),
        ),
        verdicts=(
            VerdictChange(
                pack="consent",
                rule="in-force",
                resource="SpeakerSearchTask search",
                before=Verdict.PASSED,
                after=Verdict.REFUSED,
            ),
        ),
        findings_new=(finding,),
        findings_solved=(finding,),
    )


def withdrawn_review() -> Review:
    """The same under a consent that is withdrawn, whose tag still names a day to come."""
    made = review()
    over = tuple(
        replace(one, tags=tuple(tag("status", "withdrawn") if t.field == "status" else t for t in one.tags))
        for one in made.resources
    )
    return replace(made, resources=over, timeline=timeline(over, TODAY))
