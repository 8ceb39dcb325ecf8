"""A media insights pipeline of a question, and the tasks on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from tools.check_assumptions.service import ENDED, GONE, MEDIA, code_of

if TYPE_CHECKING:
    from tools.check_assumptions.account import Account


@dataclass(frozen=True)
class Pipeline:
    """A media insights pipeline with one stream and one channel."""

    account: Account
    id: str
    arn: str
    stream: str

    def status(self) -> str:
        """Return the status of the pipeline, or `gone`."""
        try:
            found = self.account.call(MEDIA, "get_media_pipeline", MediaPipelineId=self.id)
        except ClientError as error:
            if code_of(error) == "NotFoundException":
                return GONE
            raise
        return str(found["MediaPipeline"]["MediaInsightsPipeline"]["Status"])

    def task_request(self, domain: str | None = None) -> dict[str, Any]:
        """Return the request for a task on the pipeline's channel."""
        return {
            "Identifier": self.id,
            "VoiceProfileDomainArn": domain or self.account.domain,
            "KinesisVideoStreamSourceTaskConfiguration": {"StreamArn": self.stream, "ChannelId": 0},
        }

    def start(self, domain: str | None = None) -> str:
        """Start a task, and return its id."""
        started = self.account.call(MEDIA, "start_speaker_search_task", **self.task_request(domain))
        id_ = str(started["SpeakerSearchTask"]["SpeakerSearchTaskId"])
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
        """Return the status of a task, or `gone`."""
        request = {"Identifier": self.id, "SpeakerSearchTaskId": task}
        try:
            found = self.account.call(MEDIA, "get_speaker_search_task", **request)
        except ClientError as error:
            if code_of(error) == "NotFoundException":
                return GONE
            raise
        return str(found["SpeakerSearchTask"]["SpeakerSearchTaskStatus"])

    def stop(self, task: str) -> str:
        """Stop a task, and return `accepted` or the error code."""
        request = {"Identifier": self.id, "SpeakerSearchTaskId": task}
        return self.account.verdict(MEDIA, "stop_speaker_search_task", **request)

    def end(self) -> None:
        """Delete the pipeline, and wait until it has ended: until then it and its tasks count toward the quotas."""
        self.account.client(MEDIA).delete_media_pipeline(MediaPipelineId=self.id)
        self.account.until(lambda: "ended" if self.status() in (*ENDED, GONE) else None)

    def until_ended(self, task: str) -> str:
        """Wait until a task has ended, and return its last status."""

        def ended() -> str | None:
            status = self.task_status(task)
            return status if status in (*ENDED, GONE) else None

        return self.account.until(ended) or self.task_status(task)
