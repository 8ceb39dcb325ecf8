"""The account in which the questions are asked: calls, and resources that several questions share.

A shared resource is created when the first question needs it.
"""

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
from pulumi_speaker_search.components import iam_documents

from tools.check_assumptions.clean_up import CleanUp
from tools.check_assumptions.interruption import Interruption
from tools.check_assumptions.pipeline import Pipeline
from tools.check_assumptions.question import CannotAskError
from tools.check_assumptions.service import ACCEPTED, MEDIA, STREAMS, VOICE, code_of
from tools.check_assumptions.speaker import Speaker
from tools.check_assumptions.waits import Waits

PREFIX = "assumptions"
THROTTLED_PAUSES = (1.0, 2.0, 4.0, 8.0)
"""Seconds between the attempts at a throttled call."""


@dataclass(eq=False)
class Account:
    """An AWS account.

    Attributes:
        run: Part of the name of everything that is created.
        speaker: None if there is no voice; questions that need one are then not asked.
        pause_seconds: Between two calls: AWS allows ten a second, five for configurations.
    """

    session: Session
    run: str
    interruption: Interruption
    speaker: Speaker | None
    waits: Waits = field(default_factory=Waits)
    pause_seconds: float = 0.25
    _clients: dict[str, Any] = field(default_factory=dict)
    _number: int = 0

    @cached_property
    def clean_up(self) -> CleanUp:
        """Return the list of what has to be removed."""
        return CleanUp(self.interruption.sleep)

    def client(self, service: str) -> Any:
        """Return the client of a service."""
        if service not in self._clients:
            # Several attempts: a throttled call of this program must not be taken for an answer.
            config = Config(retries={"mode": "standard", "total_max_attempts": 8}, connect_timeout=5)
            self._clients[service] = self.session.create_client(service, config=config)
        return self._clients[service]

    def single_attempts(self, connections: int) -> Config:
        """Return the settings of a client for which a throttled call is an answer."""
        return Config(retries={"mode": "standard", "total_max_attempts": 1}, max_pool_connections=connections)

    def call(self, service: str, operation: str, **members: Any) -> dict[str, Any]:
        """Return the response. An interruption takes effect before or after the call, never during it.

        Raises:
            ClientError: AWS refused the request.
        """
        return self._call(THROTTLED_PAUSES, service, operation, members)

    def _call(
        self, pauses: tuple[float, ...], service: str, operation: str, members: dict[str, Any]
    ) -> dict[str, Any]:
        self.interruption.sleep(self.pause_seconds)
        for pause in (*pauses, None):
            try:
                response: dict[str, Any] = getattr(self.client(service), operation)(**members)
            except ClientError as error:
                if pause is None or code_of(error) != "ThrottledClientException":
                    raise
                time.sleep(pause)
            else:
                return response
        raise AssertionError("the last attempt raises or returns")

    def verdict(self, service: str, operation: str, **members: Any) -> str:
        """Return `accepted`, or the error code of the refusal."""
        return self._verdict(THROTTLED_PAUSES, service, operation, members)

    def first_verdict(self, service: str, operation: str, **members: Any) -> str:
        """Return the verdict of a single attempt: a throttled call is an answer."""
        return self._verdict((), service, operation, members)

    def _verdict(
        self, pauses: tuple[float, ...], service: str, operation: str, members: dict[str, Any]
    ) -> str:
        try:
            self._call(pauses, service, operation, members)
        except ClientError as error:
            return code_of(error)
        return ACCEPTED

    def name(self, kind: str) -> str:
        """Return a new name for a resource."""
        self._number += 1
        return f"{PREFIX}-{self.run}-{kind}-{self._number}"

    def until(self, poll: Callable[[], str | None], longest: float | None = None) -> str | None:
        """Poll until there is a result, and return it; None if there is none in time."""
        deadline = time.monotonic() + (self.waits.longest if longest is None else longest)
        while (result := poll()) is None and time.monotonic() < deadline:
            self.interruption.sleep(self.waits.poll)
        return result

    @contextmanager
    def needed(self, what: str) -> Iterator[None]:
        """Turn a refusal into CannotAskError: what the question needs is missing, and the refusal is no answer."""
        try:
            yield
        except ClientError as error:
            message = f"{what}: {code_of(error)}: {error.response['Error'].get('Message', '')}"
            raise CannotAskError(message) from error

    # --- resources that several questions share ---

    @cached_property
    def account_id(self) -> str:
        """Return the id of the account."""
        return str(self.call("sts", "get_caller_identity")["Account"])

    @cached_property
    def partition(self) -> str:
        """Return the partition of the account, such as `aws`."""
        return str(self.call("sts", "get_caller_identity")["Arn"]).split(":")[1]

    @cached_property
    def region(self) -> str:
        """Return the region in which the questions are asked."""
        return str(self.client(STREAMS).meta.region_name)

    @cached_property
    def queue(self) -> tuple[str, str]:
        """Return URL and ARN of the queue that receives the notifications."""
        name = self.name("queue")
        with self.clean_up.shared():
            url = str(self.call("sqs", "create_queue", QueueName=name)["QueueUrl"])
            self.clean_up.add(f"queue {name}", lambda: self.client("sqs").delete_queue(QueueUrl=url))
        return url, f"arn:{self.partition}:sqs:{self.region}:{self.account_id}:{name}"

    def new_role(self) -> str:
        """Create a role with the least permissions that AWS requires, and return its ARN."""
        name = self.name("role")
        documents = {"account_id": self.account_id, "partition": self.partition}
        trust = json.dumps(iam_documents.trust_policy(**documents))
        created = self.call("iam", "create_role", RoleName=name, AssumeRolePolicyDocument=trust)
        self.clean_up.add(f"role {name}", lambda: self.client("iam").delete_role(RoleName=name))
        sinks = [iam_documents.SinkAccess("sqs", self.queue[1])]
        permissions = iam_documents.permissions_policy(**documents, sinks=sinks)
        policy = {"RoleName": name, "PolicyName": PREFIX}
        self.call("iam", "put_role_policy", **policy, PolicyDocument=json.dumps(permissions))
        self.clean_up.add(f"policy of {name}", lambda: self.client("iam").delete_role_policy(**policy))
        return str(created["Role"]["Arn"])

    @cached_property
    def role(self) -> str:
        """Return the ARN of the shared role."""
        with self.clean_up.shared():
            return self.new_role()

    def configuration_request(self, role: str, *, sink: str | None = None) -> dict[str, Any]:
        """Return the request for a configuration with voice analytics and one queue."""
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
        """Create a configuration, and return its ARN."""
        created = self.call(MEDIA, "create_media_insights_pipeline_configuration", **request)
        arn = str(created["MediaInsightsPipelineConfiguration"]["MediaInsightsPipelineConfigurationArn"])
        name = request["MediaInsightsPipelineConfigurationName"]
        self.clean_up.add(
            f"configuration {name}",
            lambda: self.client(MEDIA).delete_media_insights_pipeline_configuration(Identifier=arn),
        )
        return arn

    @cached_property
    def configuration(self) -> str:
        """Return the ARN of the shared configuration. IAM may need some time until a new role can be used."""
        request = self.configuration_request(self.role)

        def create() -> str | None:
            try:
                return self.new_configuration(request)
            except ClientError as error:
                if code_of(error) not in ("ForbiddenException", "BadRequestException"):
                    raise
                return None

        with self.needed("a configuration"), self.clean_up.shared():
            return self.until(create) or self.new_configuration(request)

    def new_stream(self) -> str:
        """Create a stream without a producer, and return its ARN."""
        name = self.name("stream")
        tags = {"AWSServiceName": "ChimeSDK"}
        created = self.call(STREAMS, "create_stream", StreamName=name, DataRetentionInHours=1, Tags=tags)
        arn = str(created["StreamARN"])
        self.clean_up.add(f"stream {name}", lambda: self.client(STREAMS).delete_stream(StreamARN=arn))

        def active() -> str | None:
            info = self.call(STREAMS, "describe_stream", StreamARN=arn)["StreamInfo"]
            return "yes" if info["Status"] == "ACTIVE" else None

        self.until(active)
        return arn

    def pipeline_request(self, stream: str, configuration: str | None = None) -> dict[str, Any]:
        """Return the request for a pipeline with one stream of one channel."""
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
        """Create a pipeline."""
        created = self.call(MEDIA, "create_media_insights_pipeline", **request)["MediaInsightsPipeline"]
        id_ = str(created["MediaPipelineId"])
        streams = request["KinesisVideoStreamSourceRuntimeConfiguration"]["Streams"]
        pipeline = Pipeline(self, id_, str(created["MediaPipelineArn"]), str(streams[0]["StreamArn"]))
        self.clean_up.add(f"pipeline {id_}", pipeline.end)
        return pipeline

    @cached_property
    def silent_pipeline(self) -> Pipeline:
        """Return the shared pipeline, which has a stream without a producer and no task."""
        with self.needed("a pipeline on a stream without media"), self.clean_up.shared():
            return self.new_pipeline(self.pipeline_request(self.new_stream()))

    @cached_property
    def key(self) -> str:
        """Return the ARN of the shared KMS key."""
        description = f"{PREFIX} {self.run}: of a check that removes what it creates"
        created = self.call("kms", "create_key", Description=description)["KeyMetadata"]
        arn, id_ = str(created["Arn"]), str(created["KeyId"])
        with self.clean_up.shared():
            self.clean_up.add(
                f"key {arn} (deleted after 7 days)",
                lambda: self.client("kms").schedule_key_deletion(KeyId=id_, PendingWindowInDays=7),
            )
        return arn

    def domain_request(self) -> dict[str, Any]:
        """Return the request for a voice profile domain with the shared key."""
        return {
            "Name": self.name("domain"),
            "ServerSideEncryptionConfiguration": {"KmsKeyArn": self.key},
        }

    def new_domain(self, request: dict[str, Any]) -> str:
        """Create a voice profile domain, and return its ARN."""
        created = self.call(VOICE, "create_voice_profile_domain", **request)["VoiceProfileDomain"]
        id_ = str(created["VoiceProfileDomainId"])
        self.clean_up.add(
            f"domain {id_}",
            lambda: self.client(VOICE).delete_voice_profile_domain(VoiceProfileDomainId=id_),
        )
        return str(created["VoiceProfileDomainArn"])

    @cached_property
    def domain(self) -> str:
        """Return the ARN of the shared domain."""
        with self.needed("a voice profile domain"), self.clean_up.shared():
            return self.new_domain(self.domain_request())
