"""The server validates requests by the model: the limit is accepted, one step beyond is refused by name."""

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.aws_account import AwsAccount, error_code

SOURCE = "KinesisVideoStreamSourceTaskConfiguration"
RUNTIME = "KinesisVideoStreamSourceRuntimeConfiguration"


def refused(call: Callable[[], Any]) -> tuple[str, int, str]:
    with pytest.raises(ClientError) as caught:
        call()
    return (*error_code(caught.value), caught.value.response["Error"]["Message"])


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("VoiceProfileDomainArn", "no-arn"),
        ("VoiceProfileDomainArn", "arn:aws:chime:" + "a" * 1011),
        ("VoiceProfileDomainArn", "arn:aws:chime:x\n"),
        ("VoiceProfileDomainArn", None),
        ("ClientRequestToken", "a"),
        ("ClientRequestToken", "a" * 65),
        ("ClientRequestToken", "with space"),
        ("Identifier", ""),
        ("Identifier", "  "),
        ("Identifier", "a" * 1025),
        (f"{SOURCE}.ChannelId", 2),
        (f"{SOURCE}.ChannelId", 5),
        (f"{SOURCE}.ChannelId", -1),
        (f"{SOURCE}.ChannelId", "0"),
        (f"{SOURCE}.ChannelId", True),
        (f"{SOURCE}.ChannelId", None),
        (f"{SOURCE}.StreamArn", "arn:aws:kinesisvideo:us-east-1:123456789012:stream/x"),
        (f"{SOURCE}.StreamArn", None),
        (f"{SOURCE}.FragmentNumber", "12a"),
        (f"{SOURCE}.FragmentNumber", ""),
        (f"{SOURCE}.FragmentNumber", "1" * 129),
    ],
)
def test_a_start_with_one_wrong_member_is_refused_by_name(aws: AwsAccount, member: str, value: Any) -> None:
    arguments: dict[str, Any] = {
        "Identifier": "pipeline",
        "VoiceProfileDomainArn": "arn:aws:chime:us-east-1:123456789012:voice-profile-domain/x",
        SOURCE: {"StreamArn": "arn:aws:kinesisvideo:us-east-1:123456789012:stream/x/1", "ChannelId": 0},
    }
    outer, _, inner = member.partition(".")
    target = arguments[outer] if inner else arguments
    target[inner or outer] = value
    if value is None:
        del target[inner or outer]
    code, status, message = refused(lambda: aws.media.start_speaker_search_task(**arguments))
    assert (code, status, f"'{member}'" in message) == ("BadRequestException", 400, True)


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("ClientRequestToken", "ab"),
        ("ClientRequestToken", "a" * 64),
        ("FragmentNumber", "1" * 128),
        ("FragmentNumber", "0"),
    ],
)
def test_a_start_at_the_limit_is_accepted(aws: AwsAccount, member: str, value: str) -> None:
    pipeline = aws.pipeline()
    arguments = aws.task_arguments(pipeline)
    (arguments if member == "ClientRequestToken" else arguments[SOURCE])[member] = value
    assert aws.media.start_speaker_search_task(**arguments)["SpeakerSearchTask"]["SpeakerSearchTaskId"]


@pytest.mark.parametrize("rate", [8000, 48000])
def test_a_sample_rate_at_the_limit_is_accepted(aws: AwsAccount, rate: int) -> None:
    arguments = aws.pipeline_arguments(aws.configuration(), aws.stream())
    arguments[RUNTIME]["MediaSampleRate"] = rate
    assert aws.media.create_media_insights_pipeline(**arguments)["MediaInsightsPipeline"]


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("MediaSampleRate", 7999),
        ("MediaSampleRate", 48001),
        ("MediaSampleRate", 16000.5),
        ("MediaEncoding", "opus"),
        ("Streams", []),
    ],
)
def test_a_pipeline_beyond_a_limit_is_refused_by_name(aws: AwsAccount, member: str, value: Any) -> None:
    arguments = aws.pipeline_arguments(aws.configuration(), aws.stream())
    arguments[RUNTIME][member] = value
    code, _, message = refused(lambda: aws.media.create_media_insights_pipeline(**arguments))
    assert (code, f"'{RUNTIME}.{member}'" in message) == ("BadRequestException", True)


def test_a_third_stream_is_refused(aws: AwsAccount) -> None:
    arguments = aws.pipeline_arguments(aws.configuration(), aws.stream())
    arguments[RUNTIME]["Streams"] *= 3
    code, _, message = refused(lambda: aws.media.create_media_insights_pipeline(**arguments))
    assert (code, "length less than or equal to 2" in message) == ("BadRequestException", True)


def test_a_member_deep_inside_a_list_is_named_with_its_place(aws: AwsAccount) -> None:
    elements = [{"Type": "VoiceAnalyticsProcessor"}, {"Type": "Nonsense"}]
    _, _, message = refused(lambda: aws.configuration(Elements=elements))
    assert "'Elements.2.member.Type'" in message


def test_every_wrong_member_is_named_at_once(aws: AwsAccount) -> None:
    _, _, message = refused(lambda: aws.media.start_speaker_search_task(Identifier="x"))
    assert message.startswith("1 validation error detected: Value at 'VoiceProfileDomainArn'")
    _, _, message = refused(
        lambda: aws.configuration(MediaInsightsPipelineConfigurationName="a", Elements=None)
    )
    assert message.startswith("2 validation errors detected: ")


def test_the_value_itself_is_not_in_the_message(aws: AwsAccount) -> None:
    _, _, message = refused(lambda: aws.voice.get_voice_profile(VoiceProfileId="x" * 257))
    assert "xxx" not in message


@pytest.mark.parametrize("token", ["ab", "a-_" + "b" * 61])
def test_a_domains_token_fits_the_length_that_aws_documents(aws: AwsAccount, token: str) -> None:
    assert aws.domain(ClientRequestToken=token)


@pytest.mark.parametrize("token", ["a", "a" * 65, "a b"])
def test_a_domains_token_beyond_it_is_refused(aws: AwsAccount, token: str) -> None:
    assert refused(lambda: aws.domain(ClientRequestToken=token))[0] == "BadRequestException"


def test_a_stream_name_is_checked_with_the_code_of_kinesis_video(aws: AwsAccount) -> None:
    assert refused(lambda: aws.stream(StreamName="a/b"))[:2] == ("InvalidArgumentException", 400)


def test_a_body_that_is_no_json_is_refused(aws: AwsAccount) -> None:
    def spoil(request: Any, **_: Any) -> None:
        request.data = b"{"

    aws.streams.meta.events.register("before-sign.kinesisvideo.CreateStream", spoil)
    assert refused(lambda: aws.stream())[:2] == ("InvalidArgumentException", 400)


def test_an_operation_that_is_not_there_answers_501_and_names_itself(aws: AwsAccount) -> None:
    code, status, message = refused(lambda: aws.voice.list_voice_connectors())
    assert (code, status) == ("NotImplementedBySandbox", 501)
    assert "chime-sdk-voice:ListVoiceConnectors" in message


def test_the_voice_connector_form_of_a_start_is_not_there(aws: AwsAccount) -> None:
    assert (
        refused(
            lambda: aws.voice.start_speaker_search_task(
                VoiceConnectorId="x", TransactionId="y", VoiceProfileDomainId="z", CallLeg="Caller"
            )
        )[1]
        == 501
    )


def test_an_error_carries_a_request_id_that_the_log_knows(aws: AwsAccount) -> None:
    with pytest.raises(ClientError) as caught:
        aws.media.get_media_pipeline(MediaPipelineId="0" * 8 + "-0000-0000-0000-" + "0" * 12)
    answer: dict[str, Any] = dict(caught.value.response)
    assert answer["RequestId"] == answer["ResponseMetadata"]["RequestId"]


def test_an_error_carries_the_members_that_the_model_gives_it(aws: AwsAccount) -> None:
    with pytest.raises(ClientError) as caught:
        aws.media.get_media_pipeline(MediaPipelineId="0" * 8 + "-0000-0000-0000-" + "0" * 12)
    answer: dict[str, Any] = dict(caught.value.response)
    assert (answer["Code"], error_code(caught.value)) == ("NotFound", ("NotFoundException", 404))
