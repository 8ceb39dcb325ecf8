"""What the rule on the consent of a search passes and refuses, and attempts to bypass it."""

from __future__ import annotations

from typing import Any, Final

from tests.policies.analyzer import UNKNOWN, Declared
from tests.policies.case import Case, Table
from tests.policies.retention_cases import RETENTION_CASES
from tests.policies.search_stacks import all_tagged, previewed, two_streams
from tests.policies.voice_stack import (
    CONFIGURATION_ARN,
    PIPELINE_ID,
    TASK,
    configuration,
    consent,
    domain,
    pipeline,
    profile,
    stream,
    task,
    tone_task,
    whole,
)

_FOREIGN: Final = "arn:aws:chime:us-east-1:210987654321:voice-profile-domain/elsewhere"

_STANDS = (domain(), stream(), configuration(), pipeline())


def _pass_covered_searches(table: Table) -> None:
    """Pass searches whose resources have the same consent, or are trusted."""
    table.passes("a whole stack with consent", *whole())
    table.passes("nothing to search", domain())
    table.passes(
        "a domain with more purposes",
        *_last(domain(tags=consent(purpose="fraud-prevention+quality+training"))),
    )
    table.passes(
        "a stream with more jurisdictions", *_last(stream(tags=consent(jurisdiction="US-IL+US-TX+US-WA")))
    )
    table.passes(
        "a trusted domain", *_STANDS, task(voice_profile_domain_arn=_FOREIGN), trustedDomains=[_FOREIGN]
    )
    table.passes(
        "a trusted stream",
        domain(),
        configuration(),
        pipeline(**_streaming("x:stream/1")),
        task(kinesis_video_stream_source_task_configuration={"stream_arn": "x:stream/1"}),
        trustedStreams=["x:stream/1"],
    )
    table.passes("a trusted pipeline", domain(), stream(), task(), trustedPipelines=[PIPELINE_ID])
    table.passes("a trusted configuration", stream(), pipeline(), trustedConfigurations=[CONFIGURATION_ARN])
    table.passes(
        "a pipeline by its ARN", *_STANDS[:3], _with_arn(pipeline(), "arn:p"), task(identifier="arn:p")
    )
    table.passes("ARNs that are known after the update", *previewed())
    table.passes("a tone task", *_STANDS, tone_task())
    table.passes("no consent at all is another rule's matter", *all_tagged({}))
    table.passes("a task that listens to nothing, on nothing", task(identifier="not-started", listen=False))
    table.passes("a pipeline that listens to nothing, on nothing", pipeline(listen=False))
    table.passes("a task that has ended, on a pipeline that is gone", _ended())


def _compare_profiles_and_domains(table: Table) -> None:
    """Compare a task and a voice profile with the domain."""
    table.refuses(
        "a domain with another record",
        *_STANDS[1:],
        domain(tags=consent(record_ref="rec/2026/0002")),
        task(),
        hints=["consent:record-ref as its domain domain"],
    )
    table.passes("a voice profile in its domain", *whole(), profile())
    table.refuses(
        "a voice profile in a domain with another record",
        domain(),
        profile(tags=consent(record_ref="rec/2026/0002")),
        hints=["consent:record-ref as its domain domain"],
    )
    table.refuses(
        "a voice profile for a purpose that the domain does not have",
        domain(tags=consent(purpose="quality")),
        profile(),
        hints=["consent:purpose that is not among"],
    )
    table.refuses(
        "a voice profile in a foreign domain",
        domain(),
        profile(voice_profile_domain_arn=_FOREIGN),
        hints=["trustedDomains"],
    )
    table.passes(
        "a voice profile in a trusted domain",
        profile(voice_profile_domain_arn=_FOREIGN),
        trustedDomains=[_FOREIGN],
    )


def _refuse_other_consent(table: Table) -> None:
    """Refuse resources with another consent than the task."""
    table.refuses(
        "a stream with another record",
        domain(),
        configuration(tags=consent(record_ref="rec/2026/0002")),
        pipeline(tags=consent(record_ref="rec/2026/0002")),
        stream(tags=consent(record_ref="rec/2026/0002")),
        task(),
        hints=["record-ref as its stream"],
    )
    table.refuses(
        "a pipeline with another record",
        domain(),
        stream(),
        pipeline(tags=consent(record_ref="rec/2026/0002")),
        task(),
        also=["pipeline"],
    )
    table.refuses(
        "a domain without a purpose of the task",
        *_STANDS[1:],
        domain(tags=consent(purpose="quality")),
        task(),
        hints=["consent:purpose that is not among"],
    )
    table.refuses(
        "a domain without a jurisdiction of the task",
        *_STANDS[1:],
        domain(tags=consent(jurisdiction="US-WA")),
        task(),
        hints=["consent:jurisdiction that is not among"],
    )
    table.refuses(
        "a domain for the whole country", *_STANDS[1:], domain(tags=consent(jurisdiction="US")), task()
    )
    table.refuses(
        "a domain without a record", *_STANDS[1:], domain(tags=consent(without=("record-ref",))), task()
    )
    table.refuses(
        "a configuration with another record",
        stream(),
        configuration(tags=consent(record_ref="rec/2026/0002")),
        pipeline(),
    )
    table.refuses("a second stream with another record", *two_streams())


def _refuse_resources_from_elsewhere(table: Table) -> None:
    """Refuse resources that are not in the stack, or can not be known."""
    table.refuses(
        "a domain from elsewhere",
        *_STANDS,
        task(voice_profile_domain_arn=_FOREIGN),
        hints=["neither in this stack nor in the setting trustedDomains"],
    )
    table.refuses(
        "a domain from elsewhere beside another trusted",
        *_STANDS,
        task(voice_profile_domain_arn=_FOREIGN),
        trustedDomains=[_FOREIGN + "2"],
    )
    table.refuses(
        "a domain from elsewhere that depends on ours",
        *_STANDS,
        _sourced(task(voice_profile_domain_arn=_FOREIGN), "domain"),
    )
    table.refuses(
        "a stream from elsewhere",
        domain(),
        configuration(),
        pipeline(),
        task(),
        hints=["trustedStreams"],
        also=["pipeline"],
    )
    table.refuses("a pipeline from elsewhere", domain(), stream(), task(), hints=["trustedPipelines"])
    table.refuses(
        "no domain", *_STANDS, _without(task(), "voice_profile_domain_arn"), hints=["names no domain"]
    )
    table.refuses(
        "no streams",
        configuration(),
        pipeline(kinesis_video_stream_source_runtime_configuration={"streams": []}),
        hints=["names no stream"],
    )
    table.refuses(
        "a domain that nobody can know",
        *_STANDS,
        task(voice_profile_domain_arn=UNKNOWN),
        hints=["does not come from a resource of this stack"],
    )
    table.refuses(
        "an unknown record",
        *_STANDS[1:],
        domain(tags=consent(record_ref=UNKNOWN)),
        task(tags=consent(record_ref=UNKNOWN)),
    )
    table.refuses("a new domain with another record", *previewed(tags=consent(record_ref="rec/2026/0002")))
    table.refuses("a tone task on a foreign pipeline", stream(), tone_task())


def _uncovered() -> list[Case]:
    table = Table("consent-covers-search")
    _pass_covered_searches(table)
    _compare_profiles_and_domains(table)
    _refuse_other_consent(table)
    _refuse_resources_from_elsewhere(table)
    return table.cases


def _ended() -> Declared:
    made = task()
    return Declared(TASK, "task", made.inputs, {**made.inputs, "outcome": "gone"}, made.parents)


def _last(replaced: Declared) -> tuple[Declared, ...]:
    return whole(**{replaced.name: replaced})


def _streaming(arn: str) -> dict[str, Any]:
    return {"kinesis_video_stream_source_runtime_configuration": {"streams": [{"stream_arn": arn}]}}


def _with_arn(one: Declared, arn: str) -> Declared:
    return Declared(
        one.type, one.name, one.inputs, {**one.seen_outputs, "media_pipeline_arn": arn}, one.parents
    )


def _without(one: Declared, name: str) -> Declared:
    return Declared(
        one.type,
        one.name,
        {key: value for key, value in one.inputs.items() if key != name},
        parents=one.parents,
    )


def _sourced(one: Declared, source: str) -> Declared:
    return Declared(
        one.type, one.name, one.inputs, parents=one.parents, sources={"voice_profile_domain_arn": (source,)}
    )


SEARCH_CASES: Final = [*_uncovered(), *RETENTION_CASES]
