"""Faults, latency and the call log: an injected fault takes effect and is counted."""

import time
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError

from sandbox.control import ControlError, SandboxControl
from tests.aws_account import AwsAccount, client, error_code
from tests.sandbox.refusals import refusal
from tests.sandbox_process import SandboxProcess


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("throttle", ("ThrottledClientException", 429)),
        ("service_failure", ("ServiceFailureException", 500)),
        ("service_unavailable", ("ServiceUnavailableException", 503)),
        ("not_found", ("NotFoundException", 404)),
        ("forbidden", ("ForbiddenException", 403)),
        ("conflict", ("ConflictException", 409)),
    ],
)
def test_a_call_that_is_to_be_refused_is_refused(
    aws: AwsAccount, control: SandboxControl, kind: str, expected: tuple[str, int]
) -> None:
    control.add_fault(kind, "ListMediaPipelines", nth=1)
    assert refusal(lambda: aws.media.list_media_pipelines()) == expected


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("throttle", ("ClientLimitExceededException", 400)),
        ("service_unavailable", ("ServiceUnavailable", 503)),
        ("not_found", ("ResourceNotFoundException", 404)),
        ("forbidden", ("NotAuthorizedException", 401)),
        ("conflict", ("ResourceInUseException", 400)),
    ],
)
def test_kinesis_video_is_refused_in_its_own_words(
    aws: AwsAccount, control: SandboxControl, kind: str, expected: tuple[str, int]
) -> None:
    control.add_fault(kind, "ListStreams", nth=1)
    assert refusal(lambda: aws.streams.list_streams()) == expected


@pytest.mark.parametrize(
    ("service", "operation"), [("kms", "ListKeys"), ("iam", "ListRoles"), ("sqs", "ListQueues")]
)
def test_services_of_moto_can_be_throttled_too(
    sandbox: SandboxProcess, control: SandboxControl, service: str, operation: str
) -> None:
    control.add_fault("throttle", operation, nth=1)
    one = client(service, sandbox.endpoint)
    method = {"kms": "list_keys", "iam": "list_roles", "sqs": "list_queues"}[service]
    assert refusal(lambda: getattr(one, method)())[0] == "ThrottlingException"


def test_a_refused_call_does_nothing(aws: AwsAccount, control: SandboxControl) -> None:
    pipeline, domain = aws.pipeline(), aws.domain()
    control.add_fault("service_failure", "StartSpeakerSearchTask", nth=1)
    with pytest.raises(ClientError):
        aws.task(pipeline, domain)
    assert control.tasks() == []


def test_the_nth_call_is_hit_and_no_other(aws: AwsAccount, control: SandboxControl) -> None:
    control.add_fault("throttle", "ListMediaPipelines", nth=3)
    seen = []
    for _ in range(5):
        try:
            aws.media.list_media_pipelines()
            seen.append(200)
        except ClientError as error:
            seen.append(error_code(error)[1])
    assert seen == [200, 200, 429, 200, 200]


def test_an_answer_that_is_lost_leaves_the_work_done(aws: AwsAccount, control: SandboxControl) -> None:
    pipeline, domain = aws.pipeline(), aws.domain()
    control.add_fault("answer_lost", "StartSpeakerSearchTask", nth=1)
    with pytest.raises(ConnectionClosedError):
        aws.task(pipeline, domain)
    assert len(control.tasks()) == 1


def test_the_log_has_the_lost_response(aws: AwsAccount, control: SandboxControl) -> None:
    pipeline, domain = aws.pipeline(), aws.domain()
    control.add_fault("answer_lost", "StartSpeakerSearchTask", nth=1)
    with pytest.raises(ConnectionClosedError):
        aws.task(pipeline, domain, ClientRequestToken="token-1")
    (call,) = control.calls("StartSpeakerSearchTask")
    task = control.tasks()[0]["task_id"]
    found = (call["status"], call["fault"], call["token"], call["resource"])
    assert found == (201, "answer_lost", "token-1", task)


def test_a_call_that_hangs_longer_than_its_client_waits_is_done_all_the_same(
    sandbox: SandboxProcess, aws: AwsAccount, control: SandboxControl
) -> None:
    control.add_fault("hang", "CreateStream", nth=1, seconds=0.5)
    impatient = client("kinesisvideo", sandbox.endpoint, seconds=0.2)
    with pytest.raises(ReadTimeoutError):
        impatient.create_stream(StreamName="late")
    assert control.streams() == []
    time.sleep(0.6)
    assert [row["stream_name"] for row in control.streams()] == ["late"]


def test_a_call_that_hangs_after_its_work_has_done_it(
    sandbox: SandboxProcess, aws: AwsAccount, control: SandboxControl
) -> None:
    control.add_fault("hang_after_work", "CreateStream", nth=1, seconds=0.5)
    impatient = client("kinesisvideo", sandbox.endpoint, seconds=0.2)
    with pytest.raises(ReadTimeoutError):
        impatient.create_stream(StreamName="early")
    assert [row["stream_name"] for row in control.streams()] == ["early"]


def test_a_start_can_be_made_to_fail_later(aws: AwsAccount, control: SandboxControl) -> None:
    pipeline, domain = aws.pipeline(), aws.domain()
    control.add_fault("fails_later", "StartSpeakerSearchTask", nth=1)
    assert aws.task_status(pipeline, aws.task(pipeline, domain)) == "Failed"


def test_a_pipeline_can_be_made_to_fail_later(aws: AwsAccount, control: SandboxControl) -> None:
    control.add_fault("fails_later", "CreateMediaInsightsPipeline", nth=1)
    assert aws.pipeline_status(aws.pipeline()) == "Failed"


def test_a_star_hits_every_operation(aws: AwsAccount, control: SandboxControl) -> None:
    control.add_fault("throttle", rate=1)
    codes = [refusal(lambda: aws.media.list_media_pipelines()), refusal(lambda: aws.kms.list_keys())]
    assert [code for code, _ in codes] == ["ThrottledClientException", "ThrottlingException"]


def test_a_fault_of_one_service_leaves_the_others_alone(aws: AwsAccount, control: SandboxControl) -> None:
    control.add_fault("throttle", service="chime-sdk-voice", rate=1)
    assert aws.streams.list_streams()["StreamInfoList"] == []


def hits(aws: AwsAccount, control: SandboxControl, seed: int) -> list[bool]:
    control.reset()
    control.add_fault("throttle", "ListMediaPipelines", rate=0.5, seed=seed)
    pattern = []
    for _ in range(20):
        try:
            aws.media.list_media_pipelines()
            pattern.append(False)
        except ClientError:
            pattern.append(True)
    return pattern


def test_the_same_seed_hits_the_same_calls(aws: AwsAccount, control: SandboxControl) -> None:
    assert hits(aws, control, 7) == hits(aws, control, 7)


def test_another_seed_hits_other_calls(aws: AwsAccount, control: SandboxControl) -> None:
    assert hits(aws, control, 7) != hits(aws, control, 8)


def test_faults_that_fired_are_counted_by_kind(aws: AwsAccount, control: SandboxControl) -> None:
    control.add_fault("throttle", "ListMediaPipelines", rate=1, times=2)
    control.add_fault("service_failure", "ListStreams", nth=5)
    for _ in range(2):
        refusal(lambda: aws.media.list_media_pipelines())
    aws.media.list_media_pipelines()
    aws.streams.list_streams()
    assert control.fired_faults() == {"throttle": 2}


def test_cleared_faults_fire_no_more_and_stay_counted(aws: AwsAccount, control: SandboxControl) -> None:
    control.add_fault("throttle", rate=1)
    refusal(lambda: aws.media.list_media_pipelines())
    control.clear_faults()
    aws.media.list_media_pipelines()
    assert control.fired_faults() == {"throttle": 1}


def test_latency_is_what_every_call_takes(aws: AwsAccount, control: SandboxControl) -> None:
    control.set_latency(0.3)
    began = time.monotonic()
    aws.streams.list_streams()
    aws.kms.list_keys()
    assert time.monotonic() - began >= 0.6


def test_the_log_holds_every_call_in_order(aws: AwsAccount, control: SandboxControl) -> None:
    control.clear_calls()
    aws.kms.list_keys()
    aws.media.list_media_pipelines()
    rows = [(row["service"], row["operation"], row["status"]) for row in control.calls()]
    assert rows == [("kms", "ListKeys", 200), ("chime-sdk-media-pipelines", "ListMediaPipelines", 200)]


def test_the_log_counts_by_operation(aws: AwsAccount, control: SandboxControl) -> None:
    control.clear_calls()
    for _ in range(3):
        aws.media.list_media_pipelines()
    assert control.call_counts() == {"ListMediaPipelines": 3}


def test_calls_after_a_number_are_the_later_ones(aws: AwsAccount, control: SandboxControl) -> None:
    aws.media.list_media_pipelines()
    last = control.calls()[-1]["number"]
    aws.streams.list_streams()
    assert [row["operation"] for row in control.calls(after=last)] == ["ListStreams"]


@pytest.mark.parametrize(
    ("fault", "problem"),
    [
        ({"kind": "flood", "nth": 1}, "kind 'flood'"),
        ({"kind": "throttle"}, "nth and rate"),
        ({"kind": "throttle", "nth": 1, "rate": 0.5}, "nth and rate"),
        ({"kind": "throttle", "rate": 1.1}, "rate 1.1"),
        ({"kind": "throttle", "nth": 0}, "nth 0"),
        ({"kind": "hang", "nth": 1}, "seconds 0"),
        ({"kind": "throttle", "nth": 1, "seconds": 3.0}, "seconds 3.0"),
    ],
)
def test_a_fault_that_can_not_be_is_refused(
    control: SandboxControl, fault: dict[str, Any], problem: str
) -> None:
    with pytest.raises(ControlError, match=problem):
        control.add_fault(**fault)


def test_the_answer_that_is_lost_may_be_an_error(aws: AwsAccount, control: SandboxControl) -> None:
    control.add_fault("answer_lost", "DescribeStream", nth=1)
    with pytest.raises(ConnectionClosedError):
        aws.streams.describe_stream(StreamName="none")
    assert [row["status"] for row in control.calls("DescribeStream")] == [404]


def test_a_call_that_a_quota_refused_does_not_use_up_a_fault(
    aws: AwsAccount, control: SandboxControl
) -> None:
    pipeline = aws.pipeline()
    task = aws.task(pipeline)
    control.add_fault("service_failure", "GetSpeakerSearchTask", nth=1)
    control.set_quotas(concurrent_calls_per_resource=0)
    refusal(lambda: aws.task_status(pipeline, task))
    assert control.fired_faults() == {}


def test_only_a_start_can_be_made_to_fail_later(aws: AwsAccount, control: SandboxControl) -> None:
    control.add_fault("fails_later", rate=1)
    aws.media.list_media_pipelines()
    assert control.fired_faults() == {}


def test_not_found_never_hits_a_create(aws: AwsAccount, control: SandboxControl) -> None:
    control.add_fault("not_found", rate=1)
    aws.stream()
    assert control.fired_faults() == {}


def test_a_stop_that_is_answered_with_not_found_stops_nothing(
    aws: AwsAccount, control: SandboxControl
) -> None:
    pipeline = aws.pipeline()
    task = aws.task(pipeline)
    control.add_fault("not_found", "StopSpeakerSearchTask", nth=1)
    with pytest.raises(ClientError):
        aws.stop(pipeline, task)
    assert [row["status"] for row in control.tasks()] == ["InProgress"]
