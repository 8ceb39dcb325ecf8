"""The provider of voice profiles over gRPC: enrol, adopt, read."""

from __future__ import annotations

import grpc
import pytest

from sandbox.control import SandboxControl
from tests.aws_account import AwsAccount
from tests.provider.provider_process import Props, ProviderProcess
from tests.provider.voice_profile.enrolment import CREATE, DAY_SECONDS, calls, ids, profiles
from tests.sandbox.search import Search


def test_create_enrols_the_voice_of_the_search(
    provider: ProviderProcess, inputs: Props, search: Search
) -> None:
    id_, outputs = provider.create(inputs)
    assert ids(search) == [id_]
    assert (outputs["voice_profile_id"], outputs["outcome"]) == (id_, "enrolled")


def test_the_outputs_say_when_aws_lets_it_expire(
    provider: ProviderProcess, inputs: Props, search: Search
) -> None:
    _, outputs = provider.create(inputs)
    (profile,) = profiles(search)
    assert outputs["expires_at"][:19] == profile["ExpirationTimestamp"].isoformat()[:19]


@pytest.mark.parametrize("name", ["speaker_search_task_id", "media_pipeline_id", "voice_profile_domain_arn"])
def test_what_is_missing_is_refused_before_any_call(
    provider: ProviderProcess, inputs: Props, name: str
) -> None:
    _, failures = provider.check({key: value for key, value in inputs.items() if key != name})
    assert any(f"{name}: is required" in reason for reason in failures.values())


def test_a_wrong_time_out_is_refused_before_any_call(provider: ProviderProcess, inputs: Props) -> None:
    _, failures = provider.check({**inputs, "timeout_seconds": {"create": 0}})
    assert any("timeout_seconds.create" in reason for reason in failures.values())


def test_valid_inputs_have_no_failures(provider: ProviderProcess, inputs: Props) -> None:
    assert provider.check(inputs)[1] == {}


def test_without_consent_nobody_is_enrolled(provider: ProviderProcess, inputs: Props, search: Search) -> None:
    with pytest.raises(grpc.RpcError, match="the declared consent is not valid"):
        provider.create({**inputs, "tags": {}})
    assert ids(search) == []


def test_a_withdrawal_on_the_domain_refuses_the_enrolment(
    provider: ProviderProcess, inputs: Props, search: Search
) -> None:
    withdrawn = [{"Key": "consent:status", "Value": "withdrawn"}]
    search.aws.voice.tag_resource(ResourceARN=search.domain, Tags=withdrawn)
    with pytest.raises(grpc.RpcError, match="is not valid in AWS"):
        provider.create(inputs)
    assert ids(search) == []


@pytest.mark.parametrize(
    ("switch", "text"),
    [
        ("ConflictException", "most likely it has no voiceprint yet"),
        ("BadRequestException", "BadRequestException"),
        ("NotFoundException", "does not find speaker search task"),
    ],
)
def test_a_search_without_a_voiceprint_is_not_enrolled(
    provider: ProviderProcess,
    inputs: Props,
    aws_account: AwsAccount,
    control: SandboxControl,
    switch: str,
    text: str,
) -> None:
    control.set_switches(task_without_voiceprint=switch)
    short = Search(aws_account, control, str(inputs["voice_profile_domain_arn"]))
    short.receives_speech(12)
    with pytest.raises(grpc.RpcError, match=text):
        provider.create({**inputs, "speaker_search_task_id": short.task, "media_pipeline_id": short.pipeline})


def test_a_voiceprint_of_the_day_before_yesterday_is_refused_before_the_call(
    provider: ProviderProcess, inputs: Props, control: SandboxControl
) -> None:
    control.advance_clock(2 * DAY_SECONDS)
    with pytest.raises(grpc.RpcError, match="AWS deletes its voiceprint after 24 hours"):
        provider.create(inputs)
    assert calls(control, CREATE) == 0


def test_410_of_aws_says_that_the_voiceprint_is_deleted(
    provider: ProviderProcess, inputs: Props, search: Search, control: SandboxControl
) -> None:
    control.set_switches(results_of_gone_pipeline="not_found")
    search.aws.media.delete_media_pipeline(MediaPipelineId=search.pipeline)
    control.advance_clock(2 * DAY_SECONDS)
    with pytest.raises(grpc.RpcError, match=r"has deleted the voiceprint.*GoneException"):
        provider.create(inputs)


def test_the_21st_profile_of_a_domain_says_so(
    provider: ProviderProcess, inputs: Props, search: Search, control: SandboxControl
) -> None:
    for _ in range(20):
        control.enrol(search.domain, "voice-330hz")
    with pytest.raises(grpc.RpcError, match=r"voice profiles \(20 per voice profile domain by default\)"):
        provider.create({**inputs, "timeout_seconds": {"create": 2}})
    assert len(ids(search)) == 20


def test_an_enrolment_whose_response_is_lost_names_the_profile_and_is_not_repeated(
    provider: ProviderProcess, inputs: Props, search: Search, control: SandboxControl
) -> None:
    control.add_fault("answer_lost", CREATE, nth=1)
    with pytest.raises(grpc.RpcError) as caught:
        provider.create(inputs)
    (id_,) = ids(search)
    assert f'adopt="{id_}"' in str(caught.value)
    assert calls(control, CREATE) == 1


def test_adopt_takes_a_profile_over_without_an_enrolment(
    provider: ProviderProcess, inputs: Props, search: Search, control: SandboxControl
) -> None:
    existing = control.enrol(search.domain, "voice-220hz")
    id_, _ = provider.create({**inputs, "adopt": existing})
    assert (id_, ids(search)) == (existing, [existing])


def test_read_reports_what_aws_has(provider: ProviderProcess, inputs: Props) -> None:
    id_, outputs = provider.create(inputs)
    assert provider.read(id_, outputs) == (id_, outputs)


def test_a_deleted_profile_reads_as_gone_and_stays_in_state(
    provider: ProviderProcess, inputs: Props, search: Search
) -> None:
    id_, outputs = provider.create(inputs)
    outputs["accepted_at"] = "2026-01-01T00:00:00.000Z"  # long ago, so that "not found" is a proof
    search.aws.voice.delete_voice_profile(VoiceProfileId=id_)
    read_id, read = provider.read(id_, outputs)
    assert (read_id, read["outcome"]) == (id_, "gone")


def test_a_new_profile_that_aws_does_not_find_yet_stays_as_it_is(
    provider: ProviderProcess, inputs: Props, search: Search
) -> None:
    id_, outputs = provider.create(inputs)
    search.aws.voice.delete_voice_profile(VoiceProfileId=id_)
    assert provider.read(id_, outputs)[1]["outcome"] == "enrolled"


@pytest.mark.parametrize("switch", ["not_found", "kept"])
def test_an_expired_profile_reads_as_gone(
    provider: ProviderProcess, inputs: Props, control: SandboxControl, switch: str
) -> None:
    control.set_switches(expired_profile=switch)
    id_, outputs = provider.create(inputs)
    outputs["accepted_at"] = "2026-01-01T00:00:00.000Z"
    control.advance_clock(3 * 365 * DAY_SECONDS + 1)
    assert provider.read(id_, outputs)[1]["outcome"] == "gone"
