"""A speaker search in the sandbox, driven by its control API."""

from sandbox.control import SandboxControl, TaskRow
from tests.aws_account import VOICE_ANALYTICS, AwsAccount

QUEUE_SINK = {
    "Type": "SqsQueueSink",
    "SqsQueueSinkConfiguration": {"InsightsTarget": "arn:aws:sqs:us-east-1:123456789012:insights"},
}


class Search:
    """One search on a stream of its own; `receives_speech` plays speech and lets its time pass."""

    def __init__(self, aws: AwsAccount, control: SandboxControl, domain: str | None = None) -> None:
        self.aws, self.control = aws, control
        self.domain = domain or aws.domain()
        # The queue does not exist: notifications to it are listed all the same.
        self.pipeline = aws.pipeline(aws.configuration(Elements=[VOICE_ANALYTICS, QUEUE_SINK]))
        self.stream = aws.stream_of(self.pipeline)
        self.task = aws.task(self.pipeline, self.domain)

    def receives_speech(self, seconds: float, voice: str | None = None) -> None:
        self.control.speak(self.stream, seconds, voice)
        self.control.advance_clock(seconds)

    @property
    def status(self) -> str:
        return self.aws.task_status(self.pipeline, self.task)

    @property
    def row(self) -> TaskRow:
        return next(row for row in self.control.tasks(ended=True) if row["task_id"] == self.task)

    @property
    def reported(self) -> list[str]:
        """The detail statuses of its notifications."""
        return [row["message"]["detail"]["detailStatus"] for row in self.control.notifications()]

    @property
    def results(self) -> list[tuple[str, float]]:
        """(voice profile, score) of its first notification."""
        detail = self.control.notifications()[0]["message"]["detail"]
        found = detail["speakerSearchDetails"]["results"]
        return [(one["voiceProfileId"], float(one["confidenceScore"])) for one in found]
