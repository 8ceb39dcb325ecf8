"""ClientRequestToken: a request that is sent twice within the token's window is carried out once."""

import pytest
from botocore.exceptions import ClientError

from sandbox.control import SandboxControl
from tests.aws_account import AwsAccount, error_code


def test_the_same_token_answers_with_the_same_task(aws: AwsAccount) -> None:
    pipeline, domain = aws.pipeline(), aws.domain()
    first = aws.task(pipeline, domain, ClientRequestToken="token-1")
    assert aws.task(pipeline, domain, ClientRequestToken="token-1") == first


def test_another_token_starts_another_task(aws: AwsAccount) -> None:
    pipeline, domain = aws.pipeline(), aws.domain()
    first = aws.task(pipeline, domain, ClientRequestToken="token-1")
    assert aws.task(pipeline, domain, ClientRequestToken="token-2") != first


def test_a_replayed_token_starts_nothing(aws: AwsAccount, control: SandboxControl) -> None:
    pipeline, domain = aws.pipeline(), aws.domain()
    for _ in range(3):
        aws.task(pipeline, domain, ClientRequestToken="token-1")
    assert len(control.tasks()) == 1


def test_a_replayed_token_answers_with_the_task_that_has_ended(aws: AwsAccount) -> None:
    pipeline, domain = aws.pipeline(), aws.domain()
    arguments = aws.task_arguments(pipeline, domain, ClientRequestToken="token-1")
    task = aws.task(pipeline, domain, ClientRequestToken="token-1")
    aws.stop(pipeline, task)
    again = aws.media.start_speaker_search_task(**arguments)["SpeakerSearchTask"]
    assert (again["SpeakerSearchTaskId"], again["SpeakerSearchTaskStatus"]) == (task, "Stopped")


@pytest.mark.parametrize(("seconds", "same"), [(59, True), (61, False)])
def test_a_token_is_known_for_its_window(
    aws: AwsAccount, control: SandboxControl, seconds: int, same: bool
) -> None:
    control.set_switches(token_window_seconds=60)
    pipeline, domain = aws.pipeline(), aws.domain()
    first = aws.task(pipeline, domain, ClientRequestToken="token-1")
    control.advance_clock(seconds)
    assert (aws.task(pipeline, domain, ClientRequestToken="token-1") == first) is same


def test_a_changed_request_with_a_known_token_is_a_conflict(aws: AwsAccount) -> None:
    pipeline = aws.pipeline()
    aws.task(pipeline, aws.domain(), ClientRequestToken="token-1")
    other = aws.domain()
    with pytest.raises(ClientError) as caught:
        aws.task(pipeline, other, ClientRequestToken="token-1")
    assert error_code(caught.value) == ("ConflictException", 409)


def test_a_changed_request_is_a_replay_when_switched_so(aws: AwsAccount, control: SandboxControl) -> None:
    control.set_switches(changed_request="replay")
    pipeline = aws.pipeline()
    first = aws.task(pipeline, aws.domain(), ClientRequestToken="token-1")
    assert aws.task(pipeline, aws.domain(), ClientRequestToken="token-1") == first


def test_the_same_token_answers_with_the_same_pipeline(aws: AwsAccount) -> None:
    configuration, stream = aws.configuration(), aws.stream()
    first = aws.pipeline(configuration, stream, ClientRequestToken="token-1")
    assert aws.pipeline(configuration, stream, ClientRequestToken="token-1") == first


def test_the_token_of_a_pipeline_that_is_gone_answers_with_its_end(aws: AwsAccount) -> None:
    configuration, stream = aws.configuration(), aws.stream()
    arguments = aws.pipeline_arguments(configuration, stream, ClientRequestToken="token-1")
    pipeline = aws.pipeline(configuration, stream, ClientRequestToken="token-1")
    aws.media.delete_media_pipeline(MediaPipelineId=pipeline)
    again = aws.media.create_media_insights_pipeline(**arguments)["MediaInsightsPipeline"]
    assert (again["MediaPipelineId"], again["Status"]) == (pipeline, "Stopped")


def test_the_same_token_answers_with_the_same_domain(aws: AwsAccount) -> None:
    key = {"KmsKeyArn": aws.key()}
    first = aws.domain(Name="one", ServerSideEncryptionConfiguration=key, ClientRequestToken="token-1")
    again = aws.domain(Name="one", ServerSideEncryptionConfiguration=key, ClientRequestToken="token-1")
    assert again == first


def test_a_start_that_was_refused_does_not_use_up_its_token(aws: AwsAccount, control: SandboxControl) -> None:
    pipeline, domain = aws.pipeline(), aws.domain()
    control.set_quotas(active_speaker_search_tasks=0)
    with pytest.raises(ClientError):
        aws.task(pipeline, domain, ClientRequestToken="token-1")
    control.set_quotas(active_speaker_search_tasks=1)
    assert aws.task(pipeline, domain, ClientRequestToken="token-1")
