"""ClientRequestToken: the same request is carried out once, within the token's window."""

import pytest
from botocore.exceptions import ClientError

from sandbox.control import SandboxControl
from tests.aws_account import World, error_code


def test_the_same_token_answers_with_the_same_task(world: World) -> None:
    pipeline, domain = world.pipeline(), world.domain()
    first = world.task(pipeline, domain, ClientRequestToken="token-1")
    assert world.task(pipeline, domain, ClientRequestToken="token-1") == first


def test_another_token_starts_another_task(world: World) -> None:
    pipeline, domain = world.pipeline(), world.domain()
    first = world.task(pipeline, domain, ClientRequestToken="token-1")
    assert world.task(pipeline, domain, ClientRequestToken="token-2") != first


def test_a_replayed_token_starts_nothing(world: World, control: SandboxControl) -> None:
    pipeline, domain = world.pipeline(), world.domain()
    for _ in range(3):
        world.task(pipeline, domain, ClientRequestToken="token-1")
    assert len(control.tasks()) == 1


def test_a_replayed_token_answers_with_the_task_that_has_ended(world: World) -> None:
    pipeline, domain = world.pipeline(), world.domain()
    arguments = world.task_arguments(pipeline, domain, ClientRequestToken="token-1")
    task = world.task(pipeline, domain, ClientRequestToken="token-1")
    world.stop(pipeline, task)
    again = world.media.start_speaker_search_task(**arguments)["SpeakerSearchTask"]
    assert (again["SpeakerSearchTaskId"], again["SpeakerSearchTaskStatus"]) == (task, "Stopped")


@pytest.mark.parametrize(("seconds", "same"), [(59, True), (61, False)])
def test_a_token_is_known_for_its_window(
    world: World, control: SandboxControl, seconds: int, same: bool
) -> None:
    control.set_switches(token_window_seconds=60)
    pipeline, domain = world.pipeline(), world.domain()
    first = world.task(pipeline, domain, ClientRequestToken="token-1")
    control.advance_clock(seconds)
    assert (world.task(pipeline, domain, ClientRequestToken="token-1") == first) is same


def test_a_changed_request_with_a_known_token_is_a_conflict(world: World) -> None:
    pipeline = world.pipeline()
    world.task(pipeline, world.domain(), ClientRequestToken="token-1")
    other = world.domain()
    with pytest.raises(ClientError) as caught:
        world.task(pipeline, other, ClientRequestToken="token-1")
    assert error_code(caught.value) == ("ConflictException", 409)


def test_a_changed_request_is_a_replay_when_switched_so(world: World, control: SandboxControl) -> None:
    control.set_switches(changed_request="replay")
    pipeline = world.pipeline()
    first = world.task(pipeline, world.domain(), ClientRequestToken="token-1")
    assert world.task(pipeline, world.domain(), ClientRequestToken="token-1") == first


def test_the_same_token_answers_with_the_same_pipeline(world: World) -> None:
    configuration, stream = world.configuration(), world.stream()
    first = world.pipeline(configuration, stream, ClientRequestToken="token-1")
    assert world.pipeline(configuration, stream, ClientRequestToken="token-1") == first


def test_the_token_of_a_pipeline_that_is_gone_answers_with_its_end(world: World) -> None:
    configuration, stream = world.configuration(), world.stream()
    arguments = world.pipeline_arguments(configuration, stream, ClientRequestToken="token-1")
    pipeline = world.pipeline(configuration, stream, ClientRequestToken="token-1")
    world.media.delete_media_pipeline(MediaPipelineId=pipeline)
    again = world.media.create_media_insights_pipeline(**arguments)["MediaInsightsPipeline"]
    assert (again["MediaPipelineId"], again["Status"]) == (pipeline, "Stopped")


def test_the_same_token_answers_with_the_same_domain(world: World) -> None:
    key = {"KmsKeyArn": world.key()}
    first = world.domain(Name="one", ServerSideEncryptionConfiguration=key, ClientRequestToken="token-1")
    again = world.domain(Name="one", ServerSideEncryptionConfiguration=key, ClientRequestToken="token-1")
    assert again == first


def test_a_start_that_was_refused_does_not_use_up_its_token(world: World, control: SandboxControl) -> None:
    pipeline, domain = world.pipeline(), world.domain()
    control.set_quotas(active_speaker_search_tasks=0)
    with pytest.raises(ClientError):
        world.task(pipeline, domain, ClientRequestToken="token-1")
    control.set_quotas(active_speaker_search_tasks=1)
    assert world.task(pipeline, domain, ClientRequestToken="token-1")
