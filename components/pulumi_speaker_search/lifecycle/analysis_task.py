"""The analysis tasks of the API, as data: AWS's operations and members, and our words for each.

A task type of a media insights pipeline is one entry here and one typed class in `resources`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from ..type_tokens import SPEAKER_SEARCH_TASK


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisTaskKind:
    """One type of task.

    Attributes:
        type_token: Of its resource.
        noun: In messages.
        member: AWS's name of it in responses, the prefix of its members [M].
        start, get, stop: botocore's names of the operations.
        output_prefix: What its outputs in state begin with: a promise to state.
        quota: Of what ResourceLimitExceeded speaks, with AWS's default [D ca-regions].
    """

    type_token: str
    noun: str
    member: str
    start: str
    get: str
    stop: str
    output_prefix: str
    quota: str

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
    quota="active speaker search tasks (25 per region by default)",
)

ANALYSIS_TASKS: Final = (SPEAKER_SEARCH,)
"""Every type that this package knows."""

KIND_OF_TYPE: Final[Mapping[str, AnalysisTaskKind]] = MappingProxyType(
    {kind.type_token: kind for kind in ANALYSIS_TASKS}
)
"""By type token."""
