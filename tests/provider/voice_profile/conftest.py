"""A search whose voice can be enrolled, and the inputs of its profile."""

from __future__ import annotations

import pytest
from pulumi.dynamic.dynamic import serialize_provider
from pulumi_speaker_search.providers import VoiceProfileProvider

from sandbox.control import SandboxControl
from tests.aws_account import AwsAccount
from tests.provider.provider_process import Props
from tests.provider.voice_profile.enrolment import spoken
from tests.sandbox.search import Search


@pytest.fixture
def search(aws_account: AwsAccount, control: SandboxControl) -> Search:
    control.set_switches(new_streams_receive_media=False)
    return spoken(aws_account, control)


@pytest.fixture
def inputs(search: Search, task_inputs: Props) -> Props:
    return {
        "speaker_search_task_id": search.task,
        "media_pipeline_id": search.pipeline,
        "voice_profile_domain_arn": search.domain,
        "tags": task_inputs["tags"],
        "__provider": serialize_provider(VoiceProfileProvider()),
    }
