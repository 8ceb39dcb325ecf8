"""AWS's quotas: the limit is accepted, one more is refused."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.control import ControlError, SandboxControl
from tests.aws_account import AwsAccount, error_code
from tests.sandbox.refusals import refusal
from tests.sandbox_process import SandboxProcess


def outcomes(calls: list[Callable[[], Any]]) -> list[str]:
    """Return the error codes ("" for success) of simultaneous calls."""

    def outcome(call: Callable[[], Any]) -> str:
        try:
            call()
        except ClientError as error:
            return error_code(error)[0]
        return ""

    with ThreadPoolExecutor(len(calls)) as threads:
        return sorted(threads.map(outcome, calls))


def test_there_can_be_25_active_speaker_search_tasks(aws: AwsAccount) -> None:
    pipeline, domain = aws.pipeline(), aws.domain()
    for _ in range(25):
        aws.task(pipeline, domain)
    assert refusal(lambda: aws.task(pipeline, domain)) == ("ResourceLimitExceededException", 400)


def test_a_stopped_task_makes_room_for_another(aws: AwsAccount, control: SandboxControl) -> None:
    control.set_quotas(active_speaker_search_tasks=1)
    pipeline, domain = aws.pipeline(), aws.domain()
    aws.stop(pipeline, aws.task(pipeline, domain))
    assert aws.task(pipeline, domain)


def test_a_full_task_quota_is_a_throttle_when_switched_so(aws: AwsAccount, control: SandboxControl) -> None:
    control.set_quotas(active_speaker_search_tasks=0)
    control.set_switches(task_quota_error="ThrottledClientException")
    pipeline = aws.pipeline()
    assert refusal(lambda: aws.task(pipeline)) == ("ThrottledClientException", 429)


def test_there_can_be_20_active_pipelines(aws: AwsAccount) -> None:
    configuration, stream = aws.configuration(), aws.stream()
    for _ in range(20):
        aws.pipeline(configuration, stream)
    assert refusal(lambda: aws.pipeline(configuration, stream)) == ("ResourceLimitExceededException", 400)


def test_a_raised_quota_lets_more_in(aws: AwsAccount, control: SandboxControl) -> None:
    configuration, stream = aws.configuration(), aws.stream()
    control.set_quotas(active_pipelines=21)
    for _ in range(21):
        aws.pipeline(configuration, stream)
    assert len(control.pipelines()) == 21


def test_there_can_be_3_domains(aws: AwsAccount) -> None:
    for _ in range(3):
        aws.domain()
    assert refusal(aws.domain) == ("ResourceLimitExceededException", 400)


def test_there_can_be_100_configurations(aws: AwsAccount) -> None:
    role = aws.role()
    for _ in range(100):
        aws.configuration(ResourceAccessRoleArn=role)
    assert (
        refusal(lambda: aws.configuration(ResourceAccessRoleArn=role))[0] == "ResourceLimitExceededException"
    )


def test_a_message_about_a_quota_names_it(aws: AwsAccount, control: SandboxControl) -> None:
    control.set_quotas(voice_profile_domains=0)
    with pytest.raises(ClientError, match="quota of 0 voice profile domains in us-east-1"):
        aws.domain()


def test_of_two_calls_at_once_for_one_task_one_is_throttled(aws: AwsAccount, control: SandboxControl) -> None:
    pipeline = aws.pipeline()
    task = aws.task(pipeline)
    control.set_latency(0.5)
    assert outcomes([lambda: aws.task_status(pipeline, task)] * 2) == ["", "ThrottledClientException"]


def test_a_throttled_call_has_status_429(aws: AwsAccount, control: SandboxControl) -> None:
    control.set_quotas(concurrent_calls_per_resource=0)
    pipeline = aws.pipeline()
    task = aws.task(pipeline)
    assert refusal(lambda: aws.task_status(pipeline, task)) == ("ThrottledClientException", 429)


def test_two_calls_one_after_the_other_are_not_throttled(aws: AwsAccount) -> None:
    pipeline = aws.pipeline()
    task = aws.task(pipeline)
    assert {aws.task_status(pipeline, task) for _ in range(50)} == {"InProgress"}


def test_calls_for_different_tasks_do_not_get_in_each_others_way(
    aws: AwsAccount, control: SandboxControl
) -> None:
    pipeline, domain = aws.pipeline(), aws.domain()
    tasks = [aws.task(pipeline, domain) for _ in range(25)]
    control.set_latency(0.04)
    calls: list[Callable[[], Any]] = [lambda task=task: aws.task_status(pipeline, task) for task in tasks]  # type: ignore[misc]
    assert outcomes(calls) == [""] * 25


def test_calls_for_one_domain_come_one_at_a_time(aws: AwsAccount, control: SandboxControl) -> None:
    domain = aws.domain().rpartition("/")[2]
    control.set_latency(0.5)
    calls = [lambda: aws.voice.get_voice_profile_domain(VoiceProfileDomainId=domain)] * 2
    assert outcomes([*calls]) == ["", "ThrottledClientException"]


def test_starts_that_search_in_one_domain_may_come_at_once(aws: AwsAccount, control: SandboxControl) -> None:
    pipeline, domain = aws.pipeline(), aws.domain()
    control.set_latency(0.2)
    assert outcomes([lambda: aws.task(pipeline, domain)] * 5) == [""] * 5


def test_there_can_be_20_voice_profiles_in_a_domain(aws: AwsAccount, control: SandboxControl) -> None:
    domain = aws.domain()
    for number in range(20):
        control.enrol(domain, f"voice-{number}")
    with pytest.raises(ControlError, match="quota of 20 voice profiles"):
        control.enrol(domain, "voice-20")


def test_another_domain_has_its_own_20_voice_profiles(aws: AwsAccount, control: SandboxControl) -> None:
    control.set_quotas(voice_profiles_per_domain=1)
    assert control.enrol(aws.domain(), "voice-1") != control.enrol(aws.domain(), "voice-1")


@pytest.mark.parametrize(
    ("switch", "code"), [("separate", ""), ("together", "ResourceLimitExceededException")]
)
def test_whether_searches_and_tone_analyses_share_a_quota_is_a_switch(
    aws: AwsAccount, control: SandboxControl, switch: str, code: str
) -> None:
    control.set_switches(tasks_quota=switch)
    control.set_quotas(active_speaker_search_tasks=1)
    pipeline = aws.pipeline()
    source = {"StreamArn": aws.stream_of(pipeline), "ChannelId": 0}
    aws.media.start_voice_tone_analysis_task(
        Identifier=pipeline, LanguageCode="en-US", KinesisVideoStreamSourceTaskConfiguration=source
    )
    assert refusal(lambda: aws.task(pipeline))[0] == code if code else aws.task(pipeline)


# AWS's rates: 10 calls a second of the media pipelines API, 5 of them for configurations; off unless asked for.


def refused(calls: Iterable[Callable[[], Any]]) -> int:
    """Return how many of the calls are throttled, made immediately one after the other."""
    return outcomes_in_turn(calls).count("ThrottledClientException")


def outcomes_in_turn(calls: Iterable[Callable[[], Any]]) -> list[str]:
    return [outcomes([call])[0] for call in calls]


@pytest.mark.parametrize(("calls", "throttled"), [(10, 0), (11, 1), (14, 4)])
def test_10_calls_in_a_second_are_answered(
    aws: AwsAccount, control: SandboxControl, calls: int, throttled: int
) -> None:
    control.set_quotas(api_calls_per_second=10)
    assert refused([aws.media.list_media_pipelines] * calls) == throttled


@pytest.mark.parametrize(("calls", "throttled"), [(5, 0), (6, 1)])
def test_5_calls_for_configurations_in_a_second_are_answered(
    aws: AwsAccount, control: SandboxControl, calls: int, throttled: int
) -> None:
    control.set_quotas(configuration_calls_per_second=5)
    assert refused([aws.media.list_media_insights_pipeline_configurations] * calls) == throttled


def test_calls_of_configurations_count_as_calls_too(aws: AwsAccount, control: SandboxControl) -> None:
    control.set_quotas(api_calls_per_second=1)
    calls = [aws.media.list_media_insights_pipeline_configurations, aws.media.list_media_pipelines]
    assert outcomes_in_turn(calls) == ["", "ThrottledClientException"]


def test_a_second_later_the_rate_is_free_again(aws: AwsAccount, control: SandboxControl) -> None:
    control.set_quotas(api_calls_per_second=1)
    aws.media.list_media_pipelines()
    control.advance_clock(1)
    assert aws.media.list_media_pipelines()["MediaPipelines"] == []


def test_every_region_has_its_own_rate(
    sandbox: SandboxProcess, aws: AwsAccount, control: SandboxControl
) -> None:
    other = AwsAccount(sandbox.endpoint, region="us-west-2")
    control.set_quotas(api_calls_per_second=1)
    assert outcomes_in_turn([aws.media.list_media_pipelines, other.media.list_media_pipelines]) == ["", ""]


def test_other_services_have_no_rate(aws: AwsAccount, control: SandboxControl) -> None:
    control.set_quotas(api_calls_per_second=1)
    assert refused([aws.voice.list_voice_profile_domains, aws.kms.list_keys] * 3) == 0


def test_without_a_rate_everything_is_answered(aws: AwsAccount) -> None:
    assert refused([aws.media.list_media_pipelines] * 30) == 0
