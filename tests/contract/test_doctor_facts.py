"""Facts that stand twice because a pack and the local AWS stand alone: regions and quotas."""

from __future__ import annotations

from dataclasses import asdict

import pytest
from pulumi_speaker_search.lifecycle import quotas
from pulumi_speaker_search.lifecycle.regions import VOICE_ANALYTICS_REGIONS
from safeguard_rules import region_rule

from sandbox.settings import Quotas, Switches


def test_the_pack_allows_the_regions_of_voice_analytics() -> None:
    assert region_rule.REGIONS.settings["regions"]["default"] == list(VOICE_ANALYTICS_REGIONS)


def test_the_local_aws_has_voice_analytics_in_these_regions() -> None:
    assert Switches().voice_analytics_regions == VOICE_ANALYTICS_REGIONS


@pytest.mark.parametrize(
    ("setting", "quota"),
    [
        ("active_pipelines", quotas.PIPELINES),
        ("active_speaker_search_tasks", quotas.SPEAKER_SEARCH_TASKS),
        ("active_voice_tone_analysis_tasks", quotas.VOICE_TONE_ANALYSIS_TASKS),
        ("configurations", quotas.CONFIGURATIONS),
        ("voice_profile_domains", quotas.VOICE_PROFILE_DOMAINS),
        ("voice_profiles_per_domain", quotas.VOICE_PROFILES),
    ],
)
def test_the_local_aws_has_the_same_quota(setting: str, quota: quotas.Quota) -> None:
    assert asdict(Quotas())[setting] == quota.default
