"""A search whose voice is enrolled, and the profiles in its domain."""

from __future__ import annotations

from typing import Any

from sandbox.control import SandboxControl
from tests.aws_account import AwsAccount
from tests.sandbox.search import Search

DAY_SECONDS = 24 * 3600
CREATE = "CreateVoiceProfile"


def spoken(aws_account: AwsAccount, control: SandboxControl, domain: str | None = None) -> Search:
    """A search that has heard a voice for long enough to have a voiceprint."""
    search = Search(aws_account, control, domain)
    search.receives_speech(21, "voice-220hz")
    return search


def profiles(search: Search) -> list[dict[str, Any]]:
    listed = search.aws.voice.list_voice_profiles(VoiceProfileDomainId=search.domain.rsplit("/", 1)[1])
    return list(listed["VoiceProfiles"])


def ids(search: Search) -> list[str]:
    return [profile["VoiceProfileId"] for profile in profiles(search)]


def calls(control: SandboxControl, operation: str) -> int:
    return len(control.calls(operation))
