"""The quotas of `speaker-search doctor`: what is counted, and what it is compared with."""

from __future__ import annotations

from typing import Any

import pytest
from pulumi_speaker_search.lifecycle.quotas import PIPELINES, VOICE_PROFILE_DOMAINS, VOICE_PROFILES, Quota
from pulumi_speaker_search.lifecycle.stack_record import StackRecord, record_of
from pulumi_speaker_search.lifecycle.task_kinds import SPEAKER_SEARCH
from speaker_search_operations.doctor.applied_quotas import APPLIED, AppliedQuotas, applied_value
from speaker_search_operations.doctor.check import Check, Verdict
from speaker_search_operations.doctor.quota_use import (
    REMEDIES,
    Counting,
    active_pipelines,
    configurations,
    pipelines_check,
    profiles_check,
    tasks_check,
)

from tests.unit.lifecycle.scripted_aws import Answer, World, not_found, refusal, world
from tests.unit.operations.canned_pulumi import task

NAMES = [
    ("Active Media Insights Pipelines per region", 30.0),
    ("Voice profile domains", 4.0),
    ("Voice profiles per voice profile domain", 50.0),
    ("Rate of CreateVoiceProfileDomain requests for voice profile domains", 7.0),
]
LISTED: dict[str, Any] = {"Quotas": [{"QuotaName": name, "Value": value} for name, value in NAMES]}
SILENT = refusal("AccessDeniedException", 400)


def counting(here: World, record: StackRecord | None = None) -> Counting:
    return Counting(here.aws, "us-east-1", AppliedQuotas(here.aws, 3), 60.0, record)


def pipeline(status: str, kind: str = "MediaInsightsPipeline") -> dict[str, Any]:
    return {"MediaPipeline": {kind: {"MediaPipelineId": "p", "MediaPipelineArn": "a", "Status": status}}}


def pipelines(number: int) -> dict[str, Any]:
    return {"MediaPipelines": [{"MediaPipelineId": str(one)} for one in range(number)]}


def with_pipelines(number: int, quotas: Answer = SILENT) -> Check:
    here = world(
        list_media_pipelines=[pipelines(number)],
        get_media_pipeline=[pipeline("InProgress")],
        list_service_quotas=[quotas],
    )
    return pipelines_check(counting(here))


class TestPipelines:
    @pytest.mark.parametrize(
        ("used", "verdict"),
        [
            (15, Verdict.OK),
            (16, Verdict.WARNING),
            (19, Verdict.WARNING),
            (20, Verdict.PROBLEM),
            (21, Verdict.UNKNOWN),  # the quota was raised
        ],
    )
    def test_they_are_compared_with_the_documented_default(self, used: int, verdict: Verdict) -> None:
        assert with_pipelines(used).verdict is verdict

    def test_the_default_says_so(self) -> None:
        assert (
            "16 of 20 in use, 4 left (AWS's documented default; Service Quotas: AccessDeniedException)"
            in with_pipelines(16).found
        )

    @pytest.mark.parametrize(
        ("used", "verdict"), [(21, Verdict.OK), (30, Verdict.PROBLEM), (31, Verdict.PROBLEM)]
    )
    def test_they_are_compared_with_the_applied_value(self, used: int, verdict: Verdict) -> None:
        found = with_pipelines(used, LISTED)
        assert (found.verdict, f"of 30 in use, {max(30 - used, 0)} left ({APPLIED})" in found.found) == (
            verdict,
            True,
        )

    def test_a_full_quota_has_a_way_out(self) -> None:
        assert "sweep --finished" in str(with_pipelines(20).remedy)

    def test_those_that_have_ended_or_are_of_another_kind_do_not_count(self) -> None:
        here = world(
            list_media_pipelines=[pipelines(4)],
            get_media_pipeline=[
                pipeline("InProgress"),
                pipeline("Stopped"),
                pipeline("InProgress", "MediaCapturePipeline"),
                not_found(),
            ],
        )
        assert active_pipelines(counting(here)) == 1

    def test_every_page_is_counted(self) -> None:
        member = "MediaInsightsPipelineConfigurations"
        pages: list[Answer] = [{member: [{}, {}], "NextToken": "more"}, {member: [{}]}]
        here = world(list_media_insights_pipeline_configurations=pages)
        assert configurations(counting(here)) == 3
        assert here.client.of("list_media_insights_pipeline_configurations")[1] == {"NextToken": "more"}


class TestProfiles:
    def test_the_fullest_domain_decides(self) -> None:
        domains = [{"VoiceProfileDomainId": "a"}, {"VoiceProfileDomainId": "b"}]
        here = world(
            list_voice_profile_domains=[{"VoiceProfileDomains": domains}],
            list_voice_profiles=[{"VoiceProfiles": [{}]}, {"VoiceProfiles": [{}] * 20}],
            list_service_quotas=[SILENT],
        )
        found = profiles_check(counting(here))
        assert found.verdict is Verdict.WARNING
        assert found.found.startswith("domain b: 20 of 20 in use, 0 left; domain a: 1 of 20 in use, 19 left")


class TestTasks:
    def record(self, *tasks: dict[str, Any]) -> StackRecord:
        return record_of("dev", stack="dev", project="project", deployment={"resources": list(tasks)})

    def seen(self, status: str) -> dict[str, Any]:
        return {"SpeakerSearchTask": {"SpeakerSearchTaskId": "t", "SpeakerSearchTaskStatus": status}}

    def test_without_a_stack_they_are_unknown(self) -> None:
        assert tasks_check(counting(world()), SPEAKER_SEARCH).verdict is Verdict.UNKNOWN

    def test_those_of_the_stack_that_run_are_counted_and_it_says_so(self) -> None:
        record = self.record(task("a"), task("b"), task("c", outcome="ended"))
        here = world(
            get_speaker_search_task=[self.seen("InProgress"), self.seen("Stopped")],
            list_service_quotas=[SILENT],
        )
        found = tasks_check(counting(here, record), SPEAKER_SEARCH)
        assert found.found.startswith("1 of 25 in use, 24 left, known to this stack; AWS can't list")
        assert here.client.operations().count("get_speaker_search_task") == 2


class TestAppliedValues:
    @pytest.mark.parametrize(
        ("quota", "value"), [(PIPELINES, 30), (VOICE_PROFILE_DOMAINS, 4), (VOICE_PROFILES, 50)]
    )
    def test_a_quota_is_found_by_the_words_of_aws(self, quota: Quota, value: int) -> None:
        assert applied_value(quota, LISTED["Quotas"]) == value

    def test_two_of_one_name_are_none(self) -> None:
        assert applied_value(PIPELINES, [*LISTED["Quotas"], *LISTED["Quotas"]]) is None

    def test_service_quotas_is_asked_once(self) -> None:
        here = world(list_service_quotas=[LISTED])
        applied = AppliedQuotas(here.aws, 3)
        assert (applied.limit(PIPELINES).value, applied.limit(VOICE_PROFILES).value) == (30, 50)
        assert here.client.operations() == ["list_service_quotas"]

    def test_a_refusal_is_named(self) -> None:
        found = AppliedQuotas(world(list_service_quotas=[SILENT]).aws, 3).limit(PIPELINES)
        assert (found.value, "AccessDeniedException" in found.source) == (20, True)


def test_every_quota_has_a_way_out() -> None:
    assert all("Service Quotas" in remedy for remedy in REMEDIES.values())
