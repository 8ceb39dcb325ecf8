"""What state holds of a voice profile in AWS: its outputs, and among them its outcome."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from .clock import iso
from .voice_profile import VoiceProfile


class ProfileOutcome(StrEnum):
    """The value of the output `outcome` of a voice profile."""

    ENROLLED = "enrolled"
    """AWS has the profile, and searches find it."""
    GONE = "gone"
    """AWS does not have the profile any more, or has let it expire. Nothing is enrolled in its place."""


def to_outputs(profile: VoiceProfile, now: datetime) -> dict[str, str | None]:
    """Return the outputs that come from AWS.

    Args:
        now: By this machine's clock; see `VoiceProfile.has_expired`.
    """
    outcome = ProfileOutcome.GONE if profile.has_expired(now) else ProfileOutcome.ENROLLED
    return {
        "voice_profile_id": profile.id,
        "voice_profile_arn": profile.arn,
        "outcome": outcome.value,
        "created_timestamp": iso(profile.created) if profile.created else None,
        "updated_timestamp": iso(profile.updated) if profile.updated else None,
        "expires_at": iso(profile.expires) if profile.expires else None,
    }
