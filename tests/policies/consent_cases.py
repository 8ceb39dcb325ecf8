"""The tables of the consent pack's rules."""

from __future__ import annotations

from typing import Final

from tests.policies.bypass_cases import BYPASS_CASES
from tests.policies.double_cases import DOUBLE_CASES
from tests.policies.privacy_cases import PRIVACY_CASES
from tests.policies.script_cases import SCRIPT_CASES
from tests.policies.search_cases import SEARCH_CASES
from tests.policies.tag_cases import TAG_CASES
from tests.policies.voice_tone_cases import VOICE_TONE_CASES

CONSENT_CASES: Final = [
    *TAG_CASES,
    *PRIVACY_CASES,
    *BYPASS_CASES,
    *SCRIPT_CASES,
    *DOUBLE_CASES,
    *SEARCH_CASES,
    *VOICE_TONE_CASES,
]
