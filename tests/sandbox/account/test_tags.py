"""Tags: AWS's limits and characters, and which API tags which resource."""

import pytest

from sandbox.control import SandboxControl
from tests.aws_account import AwsAccount
from tests.sandbox.refusals import refusal_code


def tag_list(count: int, prefix: str = "key") -> list[dict[str, str]]:
    return [{"Key": f"{prefix}-{number}", "Value": "value"} for number in range(count)]


def test_tags_given_at_creation_are_listed(aws: AwsAccount) -> None:
    domain = aws.domain(Tags=[{"Key": "consent:status", "Value": "given"}])
    listed = aws.voice.list_tags_for_resource(ResourceARN=domain)["Tags"]
    assert listed == [{"Key": "consent:status", "Value": "given"}]


def test_tags_are_added_replaced_and_removed(aws: AwsAccount) -> None:
    configuration = aws.configuration(Tags=[{"Key": "a", "Value": "1"}, {"Key": "b", "Value": "2"}])
    new = [{"Key": "b", "Value": "3"}, {"Key": "c", "Value": ""}]
    aws.media.tag_resource(ResourceARN=configuration, Tags=new)
    aws.media.untag_resource(ResourceARN=configuration, TagKeys=["a", "never there"])
    assert aws.media.list_tags_for_resource(ResourceARN=configuration)["Tags"] == new


def test_a_pipeline_is_tagged_by_the_media_pipelines_api(aws: AwsAccount, control: SandboxControl) -> None:
    aws.pipeline(Tags=[{"Key": "speaker-search:task", "Value": "x"}])
    assert [row["tags"] for row in control.pipelines()] == [{"speaker-search:task": "x"}]


@pytest.mark.parametrize("key", ["aws:mine", "AWS:mine", "a,b", "a;b", "a#b", "a&b"])
def test_a_tag_key_outside_awss_rules_is_refused(aws: AwsAccount, key: str) -> None:
    assert refusal_code(lambda: aws.domain(Tags=[{"Key": key, "Value": "x"}])) == "BadRequestException"


@pytest.mark.parametrize("value", ["a b_c.d:e/f=g+h-i@j", "äöü ñ 中文", "½", ""])
def test_a_tag_value_of_awss_characters_is_accepted(aws: AwsAccount, value: str) -> None:
    assert aws.domain(Tags=[{"Key": "key", "Value": value}])


@pytest.mark.parametrize(("length", "accepted"), [(256, True), (257, False)])
def test_a_tag_value_has_a_longest_length(aws: AwsAccount, length: int, accepted: bool) -> None:
    def tag() -> str:
        return aws.domain(Tags=[{"Key": "key", "Value": "v" * length}])

    assert bool(tag()) if accepted else refusal_code(tag) == "BadRequestException"


def test_a_duplicate_tag_key_is_refused(aws: AwsAccount) -> None:
    twice = [{"Key": "a", "Value": "1"}, {"Key": "a", "Value": "2"}]
    assert refusal_code(lambda: aws.domain(Tags=twice)) == "BadRequestException"


def test_a_domain_has_at_most_50_tags(aws: AwsAccount) -> None:
    domain = aws.domain(Tags=tag_list(50))
    tag = aws.voice.tag_resource
    assert refusal_code(lambda: tag(ResourceARN=domain, Tags=tag_list(1, "more"))) == "BadRequestException"


@pytest.mark.parametrize("made", ["pipeline", "configuration"])
def test_a_pipeline_or_configuration_has_at_most_50_tags(aws: AwsAccount, made: str) -> None:
    make = getattr(aws, made)
    assert (bool(make(Tags=tag_list(50))), refusal_code(lambda: make(Tags=tag_list(51)))) == (
        True,
        "BadRequestException",
    )


def test_a_pipeline_that_has_50_tags_takes_no_more(aws: AwsAccount, control: SandboxControl) -> None:
    aws.pipeline(Tags=tag_list(50))
    arn = control.pipelines()[0]["pipeline_arn"]
    tag = aws.media.tag_resource
    assert refusal_code(lambda: tag(ResourceARN=arn, Tags=tag_list(1, "more"))) == "BadRequestException"


def test_a_pipeline_can_be_let_have_200_tags(aws: AwsAccount, control: SandboxControl) -> None:
    control.set_quotas(tags_per_pipeline=200)
    assert aws.pipeline(Tags=tag_list(200))


def test_a_stream_has_at_most_50_tags(aws: AwsAccount) -> None:
    stream = aws.stream(Tags={tag["Key"]: tag["Value"] for tag in tag_list(50)})
    tag = aws.streams.tag_stream
    assert (
        refusal_code(lambda: tag(StreamARN=stream, Tags={"more": "x"}))
        == "TagsPerResourceExceededLimitException"
    )


def test_a_task_can_not_be_tagged(aws: AwsAccount) -> None:
    arn = "arn:aws:chime:us-east-1:123456789012:voice-profile/x"
    assert (
        refusal_code(lambda: aws.voice.tag_resource(ResourceARN=arn, Tags=tag_list(1)))
        == "BadRequestException"
    )


def test_tags_of_nothing_are_not_found(aws: AwsAccount) -> None:
    arn = "arn:aws:chime:us-east-1:123456789012:media-pipeline/x"
    assert refusal_code(lambda: aws.media.list_tags_for_resource(ResourceARN=arn)) == "NotFoundException"


@pytest.mark.parametrize(
    "options",
    [
        {"KeySpec": "RSA_2048", "KeyUsage": "ENCRYPT_DECRYPT"},
        {"KeySpec": "HMAC_256", "KeyUsage": "GENERATE_VERIFY_MAC"},
    ],
)
def test_a_domain_takes_no_asymmetric_or_hmac_key(aws: AwsAccount, options: dict[str, str]) -> None:
    key = {"KmsKeyArn": aws.key(**options)}
    assert refusal_code(lambda: aws.domain(ServerSideEncryptionConfiguration=key)) == "BadRequestException"


def test_a_domain_takes_no_disabled_key(aws: AwsAccount) -> None:
    key = aws.key()
    aws.kms.disable_key(KeyId=key.rpartition("/")[2])
    encryption = {"KmsKeyArn": key}
    assert (
        refusal_code(lambda: aws.domain(ServerSideEncryptionConfiguration=encryption))
        == "BadRequestException"
    )


def test_a_domain_takes_no_alias(aws: AwsAccount) -> None:
    aws.kms.create_alias(AliasName="alias/voice", TargetKeyId=aws.key())
    encryption = {"KmsKeyArn": "arn:aws:kms:us-east-1:123456789012:alias/voice"}
    assert (
        refusal_code(lambda: aws.domain(ServerSideEncryptionConfiguration=encryption))
        == "BadRequestException"
    )
