"""The analysis tasks of the API, as data: AWS's operations and members, and our words for each.

A task type of a media insights pipeline is one entry here and one typed class in `resources`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from ..type_tokens import SPEAKER_SEARCH_TASK, VOICE_TONE_ANALYSIS_TASK
from .quotas import SPEAKER_SEARCH_TASKS, VOICE_TONE_ANALYSIS_TASKS, Quota


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisTaskKind:
    """One type of task.

    Attributes:
        type_token: Type token of its resource.
        noun: AWS's noun for it, in messages.
        member: AWS's name of it in responses, the prefix of its members [M].
        start, get, stop: botocore's names of the operations.
        output_prefix: What its outputs in state begin with: a promise to state.
        quota: The quota that ResourceLimitExceededException refers to when it is started.
        searches_domain: Whether it compares with the profiles of a voice profile domain.
        fixed_members: Members of the start with the one value that AWS takes [M].
        ledger_mark: What ends its ledger entries; None for searches, whose entries end with the channel.
    """

    type_token: str
    noun: str
    member: str
    start: str
    get: str
    stop: str
    output_prefix: str
    quota: Quota
    searches_domain: bool
    fixed_members: tuple[tuple[str, str], ...] = ()
    ledger_mark: str | None = None

    @property
    def status_output(self) -> str:
        """The name of the output with AWS's status."""
        return f"{self.output_prefix}_status"

    @property
    def id_output(self) -> str:
        """The name of the output with the task's id."""
        return f"{self.output_prefix}_id"

    @property
    def id_member(self) -> str:
        """AWS's name of the id, in requests and responses."""
        return f"{self.member}Id"

    @property
    def status_member(self) -> str:
        """AWS's name of the status."""
        return f"{self.member}Status"


SPEAKER_SEARCH: Final = AnalysisTaskKind(
    type_token=SPEAKER_SEARCH_TASK,
    noun="speaker search task",
    member="SpeakerSearchTask",
    start="start_speaker_search_task",
    get="get_speaker_search_task",
    stop="stop_speaker_search_task",
    output_prefix="speaker_search_task",
    quota=SPEAKER_SEARCH_TASKS,
    searches_domain=True,
)

LANGUAGE_CODE: Final = "en-US"
"""The one language of voice tone analysis [M]."""

VOICE_TONE_ANALYSIS: Final = AnalysisTaskKind(
    type_token=VOICE_TONE_ANALYSIS_TASK,
    noun="voice tone analysis task",
    member="VoiceToneAnalysisTask",
    start="start_voice_tone_analysis_task",
    get="get_voice_tone_analysis_task",
    stop="stop_voice_tone_analysis_task",
    output_prefix="voice_tone_analysis_task",
    quota=VOICE_TONE_ANALYSIS_TASKS,
    searches_domain=False,
    fixed_members=(("LanguageCode", LANGUAGE_CODE),),
    ledger_mark="tone",
)

ANALYSIS_TASKS: Final = (SPEAKER_SEARCH, VOICE_TONE_ANALYSIS)
"""Every type that this package knows."""

KIND_OF_TYPE: Final[Mapping[str, AnalysisTaskKind]] = MappingProxyType(
    {kind.type_token: kind for kind in ANALYSIS_TASKS}
)
"""By type token."""
