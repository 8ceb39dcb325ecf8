"""The voice profile of a run: the search that it is enrolled from, and who is enrolled after each command."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Final

from reliability.account import Account
from sandbox.control import SandboxControl

SPEECH_SECONDS: Final = 1.0
QUICK: Final = {
    "pipeline_initializing_seconds": 0.0,
    "pipeline_stopping_seconds": 0.0,
    "task_not_started_seconds": 0.0,
    "task_initializing_seconds": 0.0,
    "task_stopping_seconds": 0.0,
    "identification_speech_seconds": 0.1,
    "voiceprint_speech_seconds": 0.2,
}
"""Settings of the sandbox with which a search ends at once."""
PATIENCE_SECONDS: Final = 20.0
POLL_SECONDS: Final = 0.05

LOSES_A_RESPONSE: Final = frozenset(
    {
        "answer_lost",
        "hang",
        "hang_after_work",
        "SIGINT",
        "SIGINT twice",
        "SIGTERM",
        "SIGKILL",
        "SIGKILL of the provider",
    }
)
"""What may leave a profile that no state has: AWS gives no token to ask with (docs/adr/0024)."""
FORGETS_A_PROFILE: Final = frozenset({"state restored"})
"""Interventions after which a profile in AWS may be in no state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A search of before the first command, which has ended with a voiceprint."""

    speaker_search_task_id: str
    media_pipeline_id: str

    def as_json(self) -> dict[str, Any]:
        """Return it as the program reads it."""
        return asdict(self)


def hear(aws_account: Account, control: SandboxControl) -> Heard:
    """Let a search hear a voice, and end it and its pipeline. The sandbox keeps the settings that this takes.

    Raises:
        TimeoutError: It did not end.
    """
    control.set_transitions(**QUICK)
    pipeline = aws_account.world.pipeline(aws_account.configuration_arn)
    task = aws_account.world.task(pipeline, aws_account.domain_arn)
    control.speak(aws_account.world.stream_of(pipeline), SPEECH_SECONDS, None)
    late = time.monotonic() + PATIENCE_SECONDS
    while any(row["task_id"] == task for row in control.tasks()):
        if time.monotonic() > late:
            raise TimeoutError(f"speaker search task {task} has not ended in {PATIENCE_SECONDS:g} s")
        time.sleep(POLL_SECONDS)
    aws_account.world.media.delete_media_pipeline(MediaPipelineId=pipeline)
    return Heard(speaker_search_task_id=task, media_pipeline_id=pipeline)


ENROLMENTS: Final = ("CreateVoiceProfile", "UpdateVoiceProfile")


@dataclass(slots=True)
class Enrolments:
    """The voice profiles of a run's domain, and the calls that enrol.

    Attributes:
        last: Number of the last call that was seen.
    """

    aws_account: Account
    control: SandboxControl
    last: int = 0

    def present(self) -> frozenset[str]:
        """Return the ids of the profiles in AWS. A fault may hit this call: there has to be none any more."""
        domain = self.aws_account.domain_arn.rsplit("/", 1)[-1]
        listed = self.aws_account.world.voice.list_voice_profiles(VoiceProfileDomainId=domain)
        return frozenset(profile["VoiceProfileId"] for profile in listed["VoiceProfiles"])

    def new(self) -> list[str]:
        """Return a sentence for each call that would enrol since the last time, whatever AWS answered."""
        calls = [call for name in ENROLMENTS for call in self.control.calls(name, after=self.last)]
        self.last = max([self.last, *(call["number"] for call in calls)])
        return [f"{call['operation']} was called" for call in calls]


def may_be_lost(happened: Iterable[str]) -> bool:
    """Return whether a profile that no state has is one of those that can't be told from what happened."""
    return not (LOSES_A_RESPONSE | FORGETS_A_PROFILE).isdisjoint(happened)
