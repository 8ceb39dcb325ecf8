"""Promises to people's stored state, and what the provider process may import. Change one: write a migration."""

from __future__ import annotations

import base64
import subprocess
import sys

import pytest
from pulumi.dynamic.dynamic import serialize_provider
from pulumi_speaker_search import type_tokens
from pulumi_speaker_search.lifecycle import ledger
from pulumi_speaker_search.providers import (
    PipelineProvider,
    TaskProvider,
    VoiceProfileProvider,
    VoiceToneAnalysisTaskProvider,
)
from pulumi_speaker_search.providers.aws_provider import AwsProvider
from pulumi_speaker_search.resources.media_insights_pipeline import MediaInsightsPipeline
from pulumi_speaker_search.resources.speaker_search_task import SpeakerSearchTask
from pulumi_speaker_search.resources.voice_profile import VoiceProfile
from pulumi_speaker_search.resources.voice_tone_analysis_task import VoiceToneAnalysisTask


def test_the_type_tokens_stand() -> None:
    assert (
        type_tokens.SPEAKER_SEARCH_TASK,
        type_tokens.VOICE_TONE_ANALYSIS_TASK,
        type_tokens.VOICE_PROFILE,
        type_tokens.MEDIA_INSIGHTS_PIPELINE,
        type_tokens.SPEAKER_SEARCH,
        type_tokens.VOICE_ANALYTICS,
    ) == (
        "pulumi-python:dynamic/chime:SpeakerSearchTask",
        "pulumi-python:dynamic/chime:VoiceToneAnalysisTask",
        "pulumi-python:dynamic/chime:VoiceProfile",
        "pulumi-python:dynamic/chime:MediaInsightsPipeline",
        "speaker-search:index:SpeakerSearch",
        "speaker-search:index:VoiceAnalytics",
    )


@pytest.mark.parametrize(
    ("resource", "token"),
    [
        (SpeakerSearchTask, type_tokens.SPEAKER_SEARCH_TASK),
        (VoiceToneAnalysisTask, type_tokens.VOICE_TONE_ANALYSIS_TASK),
        (VoiceProfile, type_tokens.VOICE_PROFILE),
        (MediaInsightsPipeline, type_tokens.MEDIA_INSIGHTS_PIPELINE),
    ],
)
def test_the_classes_register_under_their_token(resource: type, token: str) -> None:
    assert f"pulumi-python:{resource._resource_type_name}" == token  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("provider", "blob"),
    [
        (
            TaskProvider(),
            "gASVNwAAAAAAAACMH3B1bHVtaV9zcGVha2VyX3NlYXJjaC5wcm92aWRlcnOUjAxUYXNrUHJvdmlkZXKUk5QpgZQu",
        ),
        (
            VoiceToneAnalysisTaskProvider(),
            "gASVSAAAAAAAAACMH3B1bHVtaV9zcGVha2VyX3NlYXJjaC5wcm92aWRlcnOUjB1Wb2ljZVRvbmVBbmFseXNpc1Rhc2tQcm92aWRlcpSTlCmBlC4=",
        ),
        (
            VoiceProfileProvider(),
            "gASVPwAAAAAAAACMH3B1bHVtaV9zcGVha2VyX3NlYXJjaC5wcm92aWRlcnOUjBRWb2ljZVByb2ZpbGVQcm92aWRlcpSTlCmBlC4=",
        ),
        (
            PipelineProvider(),
            "gASVOwAAAAAAAACMH3B1bHVtaV9zcGVha2VyX3NlYXJjaC5wcm92aWRlcnOUjBBQaXBlbGluZVByb3ZpZGVylJOUKYGULg==",
        ),
    ],
)
def test_the_blob_in_state_is_the_dotted_path_and_nothing_else(provider: AwsProvider, blob: str) -> None:
    assert serialize_provider(provider) == blob


@pytest.mark.parametrize(
    "provider",
    [TaskProvider(), VoiceToneAnalysisTaskProvider(), PipelineProvider(), VoiceProfileProvider()],
)
def test_the_blob_stays_under_100_bytes(provider: AwsProvider) -> None:
    assert len(base64.b64decode(serialize_provider(provider))) < 100


def test_the_ledger_s_tag_keys_stand() -> None:
    assert (ledger.TASK, ledger.FRAGMENT, ledger.STREAM, ledger.DOMAIN, ledger.PIPELINE) == (
        "speaker-search:task:",
        "speaker-search:fragment:",
        "speaker-search:stream:",
        "speaker-search:domain:",
        "speaker-search:pipeline",
    )


@pytest.fixture(scope="module")
def imported() -> set[str]:
    """The modules in a process that has imported the provider as the dynamic host does."""
    code = "import sys, pulumi_speaker_search.providers; print('\\n'.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "module",
    [
        "pulumi_aws",
        "boto3",
        "botocore",
        "tenacity",
        "pulumi_speaker_search.components.speaker_search",
        "pulumi_speaker_search.components.voice_analytics",
        "pulumi_speaker_search.resources.readiness",
        "pulumi_speaker_search.providers.voice_profile_provider",
        "pulumi_speaker_search.lifecycle.voice_enrolment",
    ],
)
def test_the_provider_process_does_not_pay_for(module: str, imported: set[str]) -> None:
    assert module not in imported


def test_the_life_cycle_does_not_know_pulumi() -> None:
    code = "import sys, pulumi_speaker_search.lifecycle.task_adoption; print('pulumi' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
