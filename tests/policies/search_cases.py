"""What the rule on the consent of a search passes and refuses, and attempts to bypass it."""

from __future__ import annotations

from typing import Any, Final

from tests.policies.analyzer import UNKNOWN, Declared
from tests.policies.case import Case, Table
from tests.policies.retention_cases import RETENTION_CASES
from tests.policies.voice_stack import (
    CONFIGURATION_ARN,
    CONSENT,
    DOMAIN,
    PIPELINE_ID,
    SEARCH,
    STREAM,
    STREAM_ARN,
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


def _uncovered() -> list[Case]:
    table = Table("consent-covers-search")
    stands = (domain(), stream(), configuration(), pipeline())
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
        "a trusted domain", *stands, task(voice_profile_domain_arn=_FOREIGN), trustedDomains=[_FOREIGN]
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
        "a pipeline by its ARN", *stands[:3], _with_arn(pipeline(), "arn:p"), task(identifier="arn:p")
    )
    table.passes("ARNs that are known after the update", *_previewed())
    table.passes("a tone task", *stands, tone_task())
    table.passes("no consent at all is another rule's matter", *_all_tagged({}))
    table.passes("a task that listens to nothing, on nothing", task(identifier="not-started", listen=False))
    table.passes("a pipeline that listens to nothing, on nothing", pipeline(listen=False))
    table.passes("a task that has ended, on a pipeline that is gone", _ended())
    table.refuses(
        "a domain with another record",
        *stands[1:],
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
        *stands[1:],
        domain(tags=consent(purpose="quality")),
        task(),
        hints=["consent:purpose that is not among"],
    )
    table.refuses(
        "a domain without a jurisdiction of the task",
        *stands[1:],
        domain(tags=consent(jurisdiction="US-WA")),
        task(),
        hints=["consent:jurisdiction that is not among"],
    )
    table.refuses(
        "a domain for the whole country", *stands[1:], domain(tags=consent(jurisdiction="US")), task()
    )
    table.refuses(
        "a domain without a record", *stands[1:], domain(tags=consent(without=("record-ref",))), task()
    )
    table.refuses(
        "a configuration with another record",
        stream(),
        configuration(tags=consent(record_ref="rec/2026/0002")),
        pipeline(),
    )
    table.refuses("a second stream with another record", *_two_streams())
    table.refuses(
        "a domain from elsewhere",
        *stands,
        task(voice_profile_domain_arn=_FOREIGN),
        hints=["neither in this stack nor in the setting trustedDomains"],
    )
    table.refuses(
        "a domain from elsewhere beside another trusted",
        *stands,
        task(voice_profile_domain_arn=_FOREIGN),
        trustedDomains=[_FOREIGN + "2"],
    )
    table.refuses(
        "a domain from elsewhere that depends on ours",
        *stands,
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
        "no domain", *stands, _without(task(), "voice_profile_domain_arn"), hints=["names no domain"]
    )
    table.refuses(
        "no streams",
        configuration(),
        pipeline(kinesis_video_stream_source_runtime_configuration={"streams": []}),
        hints=["names no stream"],
    )
    table.refuses(
        "a domain that nobody can know",
        *stands,
        task(voice_profile_domain_arn=UNKNOWN),
        hints=["does not come from a resource of this stack"],
    )
    table.refuses(
        "an unknown record",
        *stands[1:],
        domain(tags=consent(record_ref=UNKNOWN)),
        task(tags=consent(record_ref=UNKNOWN)),
    )
    table.refuses("a new domain with another record", *_previewed(tags=consent(record_ref="rec/2026/0002")))
    table.refuses("a tone task on a foreign pipeline", stream(), tone_task())
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


def _all_tagged(tags: dict[str, object]) -> tuple[Declared, ...]:
    return (
        domain(tags=tags),
        stream(tags=tags),
        configuration(tags=tags),
        pipeline(tags=tags),
        task(tags=tags),
    )


def _two_streams() -> tuple[Declared, ...]:
    other = "arn:aws:kinesisvideo:us-east-1:123456789012:stream/other/1700000000001"
    streams = {"streams": [{"stream_arn": STREAM_ARN}, {"stream_arn": other}]}
    return (
        stream(),
        Declared(
            STREAM,
            "other",
            {"tags": consent(record_ref="rec/2026/0002")},
            {"arn": other, "tags": consent(record_ref="rec/2026/0002")},
        ),
        configuration(),
        pipeline(kinesis_video_stream_source_runtime_configuration=streams),
    )


def _previewed(tags: Any = CONSENT) -> tuple[Declared, ...]:
    """Everything is new: no ARN and no id is known, but the engine knows where each comes from."""
    inputs = {
        "identifier": UNKNOWN,
        "voice_profile_domain_arn": UNKNOWN,
        "kinesis_video_stream_source_task_configuration": {"stream_arn": UNKNOWN, "channel_id": 0},
        "tags": CONSENT,
    }
    sources = {
        "identifier": ("pipeline",),
        "voice_profile_domain_arn": ("domain",),
        "kinesis_video_stream_source_task_configuration": ("stream",),
    }
    running = {
        "media_insights_pipeline_configuration_arn": UNKNOWN,
        "kinesis_video_stream_source_runtime_configuration": {"streams": [{"stream_arn": UNKNOWN}]},
        "tags": CONSENT,
    }
    running_sources = {
        "media_insights_pipeline_configuration_arn": ("configuration",),
        "kinesis_video_stream_source_runtime_configuration": ("stream",),
    }
    return (
        Declared(DOMAIN, "domain", {"tags": tags}, {"tags": tags, "arn": UNKNOWN}),
        Declared(STREAM, "stream", {"tags": CONSENT}, {"tags": CONSENT, "arn": UNKNOWN}),
        Declared(configuration().type, "configuration", {"tags": CONSENT}, {"tags": CONSENT, "arn": UNKNOWN}),
        Declared(
            pipeline().type,
            "pipeline",
            running,
            {**running, "media_pipeline_id": UNKNOWN},
            (SEARCH,),
            sources=running_sources,
        ),
        Declared(TASK, "task", inputs, parents=(SEARCH,), sources=sources),
    )


SEARCH_CASES: Final = [*_uncovered(), *RETENTION_CASES]
