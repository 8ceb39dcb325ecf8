"""The account that is asked: its calls, and the things that several questions share. Each is made when it is wanted."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from botocore.config import Config
from botocore.exceptions import ClientError
from botocore.session import Session
from pulumi_speaker_search import iam_documents

from tools.check_assumptions.clean_up import CleanUp
from tools.check_assumptions.interruption import Interruption
from tools.check_assumptions.question import CannotAskError
from tools.check_assumptions.speaker import Speaker

MEDIA, VOICE, STREAMS = "chime-sdk-media-pipelines", "chime-sdk-voice", "kinesisvideo"
ACCEPTED = "accepted"
PREFIX = "assumptions"
ENDED = ("Stopped", "Failed")
THROTTLED_PAUSES = (1.0, 2.0, 4.0, 8.0)


@dataclass(frozen=True)
class Waits:
    """How long the questions are patient, in seconds. AWS documents 15 s of silence, and 10 and 20 s of speech."""

    look: float = 1.0
    settled: float = 5.0
    silence: float = 30.0
    longest: float = 180.0


@dataclass(eq=False)
class Account:
    """`run` is a part of every name that it gives."""

    session: Session
    run: str
    interruption: Interruption
    speaker: Speaker | None
    """None: no voice to be heard, so questions that need one are not asked."""
    waits: Waits = field(default_factory=Waits)
    pause_seconds: float = 0.25
    """Between two calls: AWS takes ten a second, five for configurations."""
    _clients: dict[str, Any] = field(default_factory=dict)
    _number: int = 0

    @cached_property
    def clean_up(self) -> CleanUp:
        return CleanUp(self.interruption.sleep)

    def client(self, service: str) -> Any:
        if service not in self._clients:
            # As many attempts as it takes: a throttled call of ours must not be taken for an answer.
            config = Config(retries={"mode": "standard", "total_max_attempts": 8}, connect_timeout=5)
            self._clients[service] = self.session.create_client(service, config=config)
        return self._clients[service]

    def single_attempts(self, connections: int) -> Config:
        """For a client whose throttled calls are the answer."""
        return Config(retries={"mode": "standard", "total_max_attempts": 1}, max_pool_connections=connections)

    def call(self, service: str, operation: str, **members: Any) -> dict[str, Any]:
        """An answer; ClientError where AWS refuses. Interrupted before or after, never within."""
        return self._called(THROTTLED_PAUSES, service, operation, members)

    def _called(
        self, pauses: tuple[float, ...], service: str, operation: str, members: dict[str, Any]
    ) -> dict[str, Any]:
        self.interruption.sleep(self.pause_seconds)
        for pause in (*pauses, None):
            try:
                answer: dict[str, Any] = getattr(self.client(service), operation)(**members)
            except ClientError as error:
                if pause is None or code_of(error) != "ThrottledClientException":
                    raise
                time.sleep(pause)
            else:
                return answer
        raise AssertionError("the last attempt raises or returns")

    def verdict(self, service: str, operation: str, **members: Any) -> str:
        """`accepted`, or the code of the refusal."""
        return self._verdict(THROTTLED_PAUSES, service, operation, members)

    def first_verdict(self, service: str, operation: str, **members: Any) -> str:
        """The same, where a throttled call is an answer."""
        return self._verdict((), service, operation, members)

    def _verdict(
        self, pauses: tuple[float, ...], service: str, operation: str, members: dict[str, Any]
    ) -> str:
        try:
            self._called(pauses, service, operation, members)
        except ClientError as error:
            return code_of(error)
        return ACCEPTED

    def name(self, kind: str) -> str:
        self._number += 1
        return f"{PREFIX}-{self.run}-{kind}-{self._number}"

    def until(self, done: Callable[[], str | None], longest: float | None = None) -> str | None:
        """What `done` answers, asked every second; None when it never does."""
        deadline = time.monotonic() + (self.waits.longest if longest is None else longest)
        while (answer := done()) is None and time.monotonic() < deadline:
            self.interruption.sleep(self.waits.look)
        return answer

    @contextmanager
    def needed(self, what: str) -> Iterator[None]:
        """A refusal in here is no answer: something that the question needs could not be had."""
        try:
            yield
        except ClientError as error:
            message = f"{what}: {code_of(error)}: {error.response['Error'].get('Message', '')}"
            raise CannotAskError(message) from error

    # --- what several questions share ---

    @cached_property
    def account_id(self) -> str:
        return str(self.call("sts", "get_caller_identity")["Account"])

    @cached_property
    def partition(self) -> str:
        return str(self.call("sts", "get_caller_identity")["Arn"]).split(":")[1]

    @cached_property
    def region(self) -> str:
        return str(self.client(STREAMS).meta.region_name)

    @cached_property
    def queue(self) -> tuple[str, str]:
        """URL and ARN of the queue that gets the notifications."""
        name = self.name("queue")
        with self.clean_up.shared():
            url = str(self.call("sqs", "create_queue", QueueName=name)["QueueUrl"])
            self.clean_up.add(f"queue {name}", lambda: self.client("sqs").delete_queue(QueueUrl=url))
        return url, f"arn:{self.partition}:sqs:{self.region}:{self.account_id}:{name}"

    def new_role(self) -> str:
        """Its ARN. With what AWS wants of it at least."""
        name = self.name("role")
        documents = {"account_id": self.account_id, "partition": self.partition}
        trust = json.dumps(iam_documents.trust(**documents))
        made = self.call("iam", "create_role", RoleName=name, AssumeRolePolicyDocument=trust)
        self.clean_up.add(f"role {name}", lambda: self.client("iam").delete_role(RoleName=name))
        permissions = iam_documents.permissions(**documents, sink_arn=self.queue[1], key_arn=None)
        policy = {"RoleName": name, "PolicyName": PREFIX}
        self.call("iam", "put_role_policy", **policy, PolicyDocument=json.dumps(permissions))
        self.clean_up.add(f"policy of {name}", lambda: self.client("iam").delete_role_policy(**policy))
        return str(made["Role"]["Arn"])

    @cached_property
    def role(self) -> str:
        with self.clean_up.shared():
            return self.new_role()

    def configuration_request(self, role: str, *, sink: str | None = None) -> dict[str, Any]:
        analytics = {"SpeakerSearchStatus": "Enabled", "VoiceToneAnalysisStatus": "Enabled"}
        return {
            "MediaInsightsPipelineConfigurationName": self.name("configuration"),
            "ResourceAccessRoleArn": role,
            "Elements": [
                {"Type": "VoiceAnalyticsProcessor", "VoiceAnalyticsProcessorConfiguration": analytics},
                {
                    "Type": "SqsQueueSink",
                    "SqsQueueSinkConfiguration": {"InsightsTarget": sink or self.queue[1]},
                },
            ],
        }

    def new_configuration(self, request: dict[str, Any]) -> str:
        """Its ARN."""
        made = self.call(MEDIA, "create_media_insights_pipeline_configuration", **request)
        arn = str(made["MediaInsightsPipelineConfiguration"]["MediaInsightsPipelineConfigurationArn"])
        name = request["MediaInsightsPipelineConfigurationName"]
        self.clean_up.add(
            f"configuration {name}",
            lambda: self.client(MEDIA).delete_media_insights_pipeline_configuration(Identifier=arn),
        )
        return arn

    @cached_property
    def configuration(self) -> str:
        """The role may need a while until it is known everywhere."""
        request = self.configuration_request(self.role)

        def made() -> str | None:
            try:
                return self.new_configuration(request)
            except ClientError as error:
                if code_of(error) not in ("ForbiddenException", "BadRequestException"):
                    raise
                return None

        with self.needed("a configuration"), self.clean_up.shared():
            return self.until(made) or self.new_configuration(request)

    def new_stream(self) -> str:
        """Its ARN. Nobody sends to it."""
        name = self.name("stream")
        tags = {"AWSServiceName": "ChimeSDK"}
        made = self.call(STREAMS, "create_stream", StreamName=name, DataRetentionInHours=1, Tags=tags)
        arn = str(made["StreamARN"])
        self.clean_up.add(f"stream {name}", lambda: self.client(STREAMS).delete_stream(StreamARN=arn))

        def active() -> str | None:
            info = self.call(STREAMS, "describe_stream", StreamARN=arn)["StreamInfo"]
            return "yes" if info["Status"] == "ACTIVE" else None

        self.until(active)
        return arn

    def pipeline_request(self, stream: str, configuration: str | None = None) -> dict[str, Any]:
        definition = {"NumberOfChannels": 1, "ChannelDefinitions": [{"ChannelId": 0}]}
        return {
            "MediaInsightsPipelineConfigurationArn": configuration or self.configuration,
            "KinesisVideoStreamSourceRuntimeConfiguration": {
                "Streams": [{"StreamArn": stream, "StreamChannelDefinition": definition}],
                "MediaEncoding": "pcm",
                "MediaSampleRate": 8000,
            },
        }

    def new_pipeline(self, request: dict[str, Any]) -> Pipeline:
        made = self.call(MEDIA, "create_media_insights_pipeline", **request)["MediaInsightsPipeline"]
        id_ = str(made["MediaPipelineId"])
        streams = request["KinesisVideoStreamSourceRuntimeConfiguration"]["Streams"]
        pipeline = Pipeline(self, id_, str(made["MediaPipelineArn"]), str(streams[0]["StreamArn"]))
        self.clean_up.add(f"pipeline {id_}", pipeline.end)
        return pipeline

    @cached_property
    def silent_pipeline(self) -> Pipeline:
        """On a stream to which nobody sends, and without a task."""
        with self.needed("a pipeline on a stream without media"), self.clean_up.shared():
            return self.new_pipeline(self.pipeline_request(self.new_stream()))

    @cached_property
    def key(self) -> str:
        description = f"{PREFIX} {self.run}: of a check that cleans up after itself"
        made = self.call("kms", "create_key", Description=description)["KeyMetadata"]
        arn, id_ = str(made["Arn"]), str(made["KeyId"])
        with self.clean_up.shared():
            self.clean_up.add(
                f"key {arn} (gone after 7 days)",
                lambda: self.client("kms").schedule_key_deletion(KeyId=id_, PendingWindowInDays=7),
            )
        return arn

    def domain_request(self) -> dict[str, Any]:
        return {
            "Name": self.name("domain"),
            "ServerSideEncryptionConfiguration": {"KmsKeyArn": self.key},
        }

    def new_domain(self, request: dict[str, Any]) -> str:
        """Its ARN."""
        made = self.call(VOICE, "create_voice_profile_domain", **request)["VoiceProfileDomain"]
        id_ = str(made["VoiceProfileDomainId"])
        self.clean_up.add(
            f"domain {id_}",
            lambda: self.client(VOICE).delete_voice_profile_domain(VoiceProfileDomainId=id_),
        )
        return str(made["VoiceProfileDomainArn"])

    @cached_property
    def domain(self) -> str:
        with self.needed("a voice profile domain"), self.clean_up.shared():
            return self.new_domain(self.domain_request())


@dataclass(frozen=True)
class Pipeline:
    """A media insights pipeline with one stream and one channel."""

    account: Account
    id: str
    arn: str
    stream: str

    def status(self) -> str:
        """AWS's word, or `gone`."""
        try:
            found = self.account.call(MEDIA, "get_media_pipeline", MediaPipelineId=self.id)
        except ClientError as error:
            if code_of(error) == "NotFoundException":
                return "gone"
            raise
        return str(found["MediaPipeline"]["MediaInsightsPipeline"]["Status"])

    def task_request(self, domain: str | None = None) -> dict[str, Any]:
        return {
            "Identifier": self.id,
            "VoiceProfileDomainArn": domain or self.account.domain,
            "KinesisVideoStreamSourceTaskConfiguration": {"StreamArn": self.stream, "ChannelId": 0},
        }

    def start(self, domain: str | None = None) -> str:
        """Id of the new task."""
        made = self.account.call(MEDIA, "start_speaker_search_task", **self.task_request(domain))
        id_ = str(made["SpeakerSearchTask"]["SpeakerSearchTaskId"])
        request = {"Identifier": self.id, "SpeakerSearchTaskId": id_}

        def stop() -> None:
            try:
                self.account.client(MEDIA).stop_speaker_search_task(**request)
            except ClientError as error:
                if code_of(error) != "ConflictException":  # it has ended by itself
                    raise

        self.account.clean_up.add(f"task {id_}", stop)
        return id_

    def task_status(self, task: str) -> str:
        """AWS's word, or `gone`."""
        request = {"Identifier": self.id, "SpeakerSearchTaskId": task}
        try:
            found = self.account.call(MEDIA, "get_speaker_search_task", **request)
        except ClientError as error:
            if code_of(error) == "NotFoundException":
                return "gone"
            raise
        return str(found["SpeakerSearchTask"]["SpeakerSearchTaskStatus"])

    def stop(self, task: str) -> str:
        request = {"Identifier": self.id, "SpeakerSearchTaskId": task}
        return self.account.verdict(MEDIA, "stop_speaker_search_task", **request)

    def end(self) -> None:
        """Its tasks end with it, and both count against quotas until then."""
        self.account.client(MEDIA).delete_media_pipeline(MediaPipelineId=self.id)
        self.account.until(lambda: "over" if self.status() in (*ENDED, "gone") else None)

    def until_ended(self, task: str) -> str:
        def ended() -> str | None:
            status = self.task_status(task)
            return status if status in (*ENDED, "gone") else None

        return self.account.until(ended) or self.task_status(task)


def code_of(error: ClientError) -> str:
    return str(error.response["Error"]["Code"])
