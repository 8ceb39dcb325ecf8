"""AWS's quotas of the resources of a search, with their documented defaults [D ca-regions].

`aws_refusals`, which has the text of the error, and `speaker-search doctor` use these numbers. The quotas of an account
can be raised: Service Quotas knows the applied values.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Quota:
    """A number of resources that AWS allows.

    Attributes:
        resources: What is counted, in AWS's words.
        default: AWS's documented default.
        scope: For what the number holds.
    """

    resources: str
    default: int
    scope: str = "region"

    def __str__(self) -> str:
        return f"{self.resources} ({self.default} per {self.scope} by default)"


PIPELINES: Final = Quota("active media insights pipelines", 20)
SPEAKER_SEARCH_TASKS: Final = Quota("active speaker search tasks", 25)
VOICE_TONE_ANALYSIS_TASKS: Final = Quota("active voice tone analysis tasks", 25)
CONFIGURATIONS: Final = Quota("media insights pipeline configurations", 100)
VOICE_PROFILE_DOMAINS: Final = Quota("voice profile domains", 3)
VOICE_PROFILES: Final = Quota("voice profiles", 20, "voice profile domain")
