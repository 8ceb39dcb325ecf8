"""The properties of a voice profile as typed values, parsed once where its provider is called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from ..lifecycle.enrolment_checks import Enrolment
from ..lifecycle.profile_outcome import ProfileOutcome
from ..timeouts import seconds
from .inputs import Properties


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceProfileInputs:
    """The inputs of a voice profile, all of them known.

    Attributes:
        region: Where the profile is, if not in the region of the domain's ARN.
        adopt: Id or ARN of a profile that is taken over instead of an enrolment.
        timeout_seconds: By operation, as far as given.
    """

    speaker_search_task_id: str
    media_pipeline_id: str
    domain_arn: str
    tags: Mapping[str, str]
    region: str | None
    adopt: str | None
    timeout_seconds: Mapping[str, float]

    @classmethod
    def parse(cls, properties: Properties) -> Self:
        """Return the inputs among the properties."""
        return cls(
            speaker_search_task_id=properties["speaker_search_task_id"],
            media_pipeline_id=properties["media_pipeline_id"],
            domain_arn=properties["voice_profile_domain_arn"],
            tags=dict(properties.get("tags") or {}),
            region=properties.get("region"),
            adopt=properties.get("adopt"),
            timeout_seconds=properties.get("timeout_seconds") or {},
        )

    def timeout_of(self, operation: str) -> float:
        """Return the seconds that an operation may take: `create`, `read`, `update` or `delete`."""
        return seconds(self.timeout_seconds, operation)

    def enrolment(self, operation: str) -> Enrolment:
        """Return the enrolment that they declare, within the time of `create` or `update`."""
        return Enrolment(
            speaker_search_task_id=self.speaker_search_task_id,
            pipeline_id=self.media_pipeline_id,
            domain_arn=self.domain_arn,
            tags=self.tags,
            timeout_seconds=self.timeout_of(operation),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceProfileRecord:
    """What state holds of a profile in AWS.

    Attributes:
        outcome: As of the last read.
        accepted_at: When AWS had enrolled or given it, by this machine's clock.
    """

    outcome: ProfileOutcome
    accepted_at: datetime

    @classmethod
    def parse(cls, outputs: Properties) -> Self:
        """Return the record among the outputs."""
        return cls(
            outcome=ProfileOutcome(outputs["outcome"]),
            accepted_at=datetime.fromisoformat(outputs["accepted_at"]),
        )

    def age_seconds(self, now: datetime) -> float:
        """Return how long ago AWS had enrolled it."""
        return (now - self.accepted_at).total_seconds()
