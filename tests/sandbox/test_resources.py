"""Domains, profiles and streams, and the services that moto serves."""

import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.control import SandboxControl
from tests.aws_account import VOICE_ANALYTICS, AwsAccount, client
from tests.sandbox.refusals import refusal_code
from tests.sandbox_process import SandboxProcess

DAY = 24 * 3600.0


def test_a_deleted_domain_takes_its_profiles_with_it(aws: AwsAccount, control: SandboxControl) -> None:
    domain = aws.domain()
    profile = control.enrol(domain, "voice-220hz")
    aws.voice.delete_voice_profile_domain(VoiceProfileDomainId=domain.rpartition("/")[2])
    get = aws.voice.get_voice_profile
    assert refusal_code(lambda: get(VoiceProfileId=profile)) == "NotFoundException"


def test_a_domain_that_is_searched_can_be_kept_from_deletion(
    aws: AwsAccount, control: SandboxControl
) -> None:
    control.set_switches(domain_in_use="conflict")
    domain = aws.domain()
    aws.task(aws.pipeline(), domain)
    delete = aws.voice.delete_voice_profile_domain
    domain_id = domain.rpartition("/")[2]
    assert refusal_code(lambda: delete(VoiceProfileDomainId=domain_id)) == "ConflictException"


def test_a_domains_key_stays_what_it_was(aws: AwsAccount) -> None:
    domain_id = aws.domain(Description="before").rpartition("/")[2]
    before = aws.voice.get_voice_profile_domain(VoiceProfileDomainId=domain_id)["VoiceProfileDomain"]
    after = aws.voice.update_voice_profile_domain(VoiceProfileDomainId=domain_id, Name="new")[
        "VoiceProfileDomain"
    ]
    unchanged = ("ServerSideEncryptionConfiguration", "Description", "VoiceProfileDomainArn")
    assert (after["Name"], *(after[one] for one in unchanged)) == ("new", *(before[one] for one in unchanged))


def test_lists_come_in_pages(aws: AwsAccount) -> None:
    for _ in range(3):
        aws.domain()
    first = aws.voice.list_voice_profile_domains(MaxResults=2)
    second = aws.voice.list_voice_profile_domains(MaxResults=2, NextToken=first["NextToken"])
    names = [[row["Name"] for row in page["VoiceProfileDomains"]] for page in (first, second)]
    assert ([len(page) for page in names], "NextToken" in second) == ([2, 1], False)


def test_a_next_token_of_somewhere_else_is_refused(aws: AwsAccount) -> None:
    listing = aws.media.list_media_pipelines
    assert refusal_code(lambda: listing(NextToken="nonsense!")) == "BadRequestException"


def test_retention_grows_and_shrinks(aws: AwsAccount) -> None:
    stream = aws.stream(DataRetentionInHours=24)
    for operation, hours in (("INCREASE_DATA_RETENTION", 6), ("DECREASE_DATA_RETENTION", 20)):
        version = aws.streams.describe_stream(StreamARN=stream)["StreamInfo"]["Version"]
        aws.streams.update_data_retention(
            StreamARN=stream, CurrentVersion=version, Operation=operation, DataRetentionChangeInHours=hours
        )
    assert aws.streams.describe_stream(StreamARN=stream)["StreamInfo"]["DataRetentionInHours"] == 10


def test_retention_does_not_shrink_below_nothing(aws: AwsAccount) -> None:
    stream = aws.stream(DataRetentionInHours=1)
    version = aws.streams.describe_stream(StreamARN=stream)["StreamInfo"]["Version"]
    shrink = aws.streams.update_data_retention
    assert refusal_code(lambda: shrink(StreamARN=stream, CurrentVersion=version, Operation="DECREASE_DATA_RETENTION",
                                  DataRetentionChangeInHours=2)) == "InvalidArgumentException"  # fmt: skip


def test_an_old_version_of_a_stream_is_refused(aws: AwsAccount) -> None:
    stream = aws.stream()
    change = aws.streams.update_data_retention
    assert refusal_code(lambda: change(StreamARN=stream, CurrentVersion="old", Operation="INCREASE_DATA_RETENTION",
                                  DataRetentionChangeInHours=2)) == "VersionMismatchException"  # fmt: skip


def test_a_stream_name_is_taken_until_the_stream_is_deleted(aws: AwsAccount) -> None:
    stream = aws.stream(StreamName="line")
    assert refusal_code(lambda: aws.stream(StreamName="line")) == "ResourceInUseException"
    aws.streams.delete_stream(StreamARN=stream)
    assert aws.stream(StreamName="line") != stream


def test_a_stream_that_is_not_there_is_not_found(aws: AwsAccount) -> None:
    describe = aws.streams.describe_stream
    assert refusal_code(lambda: describe(StreamName="none")) == "ResourceNotFoundException"


@pytest.mark.parametrize("service", ["sns", "sqs", "kinesis", "sts", "resourcegroupstaggingapi"])
def test_moto_serves_the_services_beside_ours(
    sandbox: SandboxProcess, control: SandboxControl, service: str
) -> None:
    calls: dict[str, Callable[[Any], Any]] = {
        "sns": lambda one: one.create_topic(Name="t")["TopicArn"],
        "sqs": lambda one: one.create_queue(QueueName="q")["QueueUrl"],
        "kinesis": lambda one: one.create_stream(StreamName="s", ShardCount=1),
        "sts": lambda one: one.get_caller_identity()["Account"],
        "resourcegroupstaggingapi": lambda one: one.get_resources(),
    }
    assert calls[service](client(service, sandbox.endpoint))


def test_the_account_is_the_one_that_sts_names(sandbox: SandboxProcess, aws: AwsAccount) -> None:
    account = client("sts", sandbox.endpoint).get_caller_identity()["Account"]
    assert aws.domain().split(":")[4] == account


def test_a_role_of_another_account_works_in_that_account(sandbox: SandboxProcess, aws: AwsAccount) -> None:
    role = client("sts", sandbox.endpoint).assume_role(
        RoleArn="arn:aws:iam::210987654321:role/deploy", RoleSessionName="test"
    )["Credentials"]
    import boto3

    streams = boto3.client(
        "kinesisvideo",
        endpoint_url=sandbox.endpoint,
        region_name="us-east-1",
        aws_access_key_id=role["AccessKeyId"],
        aws_secret_access_key=role["SecretAccessKey"],
        aws_session_token=role["SessionToken"],
    )
    assert streams.create_stream(StreamName="theirs")["StreamARN"].split(":")[4] == "210987654321"


def test_reset_empties_moto_as_well(aws: AwsAccount, control: SandboxControl) -> None:
    key = aws.key()
    control.reset()
    assert refusal_code(lambda: aws.kms.describe_key(KeyId=key)) == "NotFoundException"


def test_update_stream_changes_what_it_is_given_and_the_version(aws: AwsAccount) -> None:
    stream = aws.stream(DeviceName="old", MediaType="audio/old")
    before = aws.streams.describe_stream(StreamARN=stream)["StreamInfo"]
    aws.streams.update_stream(StreamARN=stream, CurrentVersion=before["Version"], MediaType="audio/new")
    after = aws.streams.describe_stream(StreamARN=stream)["StreamInfo"]
    assert (after["DeviceName"], after["MediaType"]) == ("old", "audio/new")
    assert after["Version"] != before["Version"]


def test_update_stream_wants_the_current_version(aws: AwsAccount) -> None:
    stream = aws.stream()
    with pytest.raises(ClientError, match="VersionMismatchException"):
        aws.streams.update_stream(StreamARN=stream, CurrentVersion="old", MediaType="audio/new")


@pytest.mark.parametrize(("region", "partition"), [("us-gov-west-1", "aws-us-gov"), ("cn-north-1", "aws-cn")])
def test_arns_are_of_the_region_s_partition(
    sandbox: SandboxProcess, control: SandboxControl, region: str, partition: str
) -> None:
    control.set_switches(voice_analytics_regions=[region])
    account = AwsAccount(sandbox.endpoint, region)
    arns = [account.domain(), account.stream(), account.configuration()]
    assert {arn.split(":")[1] for arn in arns} == {partition}


@pytest.mark.parametrize(("switch", "code"), [("accept", ""), ("conflict", "ConflictException")])
def test_whether_a_configuration_in_use_can_be_updated_is_a_switch(
    aws: AwsAccount, control: SandboxControl, switch: str, code: str
) -> None:
    control.set_switches(configuration_in_use_update=switch)
    role = aws.role()
    configuration = aws.configuration(ResourceAccessRoleArn=role)
    aws.pipeline(configuration)

    def update() -> Any:
        return aws.media.update_media_insights_pipeline_configuration(
            Identifier=configuration, ResourceAccessRoleArn=role, Elements=[VOICE_ANALYTICS]
        )

    assert refusal_code(update) == code if code else update()


def test_a_domain_that_is_searched_is_deleted_and_the_search_runs_on(
    aws: AwsAccount, control: SandboxControl
) -> None:
    domain, pipeline = aws.domain(), aws.pipeline()
    task = aws.task(pipeline, domain)
    aws.voice.delete_voice_profile_domain(VoiceProfileDomainId=domain.rpartition("/")[2])
    assert aws.task_status(pipeline, task) == "InProgress"


@pytest.mark.parametrize(
    ("region", "partition"), [("us-east-1", "aws"), ("us-gov-west-1", "aws-us-gov"), ("cn-north-1", "aws-cn")]
)
def test_an_arn_bears_the_partition_of_its_region(
    sandbox: SandboxProcess, control: SandboxControl, region: str, partition: str
) -> None:
    assert AwsAccount(sandbox.endpoint, region=region).stream().split(":")[1] == partition


def test_the_date_of_an_answer_is_the_sandboxs_clock(aws: AwsAccount, control: SandboxControl) -> None:
    control.advance_clock(DAY)
    headers = aws.media.list_media_pipelines()["ResponseMetadata"]["HTTPHeaders"]
    ahead = parsedate_to_datetime(headers["date"]).timestamp() - time.time()
    assert ahead == pytest.approx(DAY, abs=5)
