"""The regions in which voice analytics runs. `tests/contract/test_doctor_facts.py` compares the copies."""

from __future__ import annotations

from typing import Final

VOICE_ANALYTICS_REGIONS: Final = ("us-east-1", "us-west-2")
"""[D sdk-available-regions]. The safeguards pack, which is published as its folder, has a copy."""
