"""The provider of voice profiles over gRPC: what a change does, enrolling again, deleting."""

from __future__ import annotations

import json

import grpc
import pytest
from botocore.exceptions import ClientError

from sandbox.control import SandboxControl
from sandbox.environment import ROOT
from tests.aws_account import AwsAccount
from tests.provider.provider_process import Props, ProviderProcess
from tests.provider.voice_profile.enrolment import DAY_SECONDS, calls, ids, spoken
from tests.sandbox.search import Search


def test_another_search_changes_the_profile_in_place(provider: ProviderProcess, inputs: Props) -> None:
    id_, outputs = provider.create(inputs)
    assert provider.diff(outputs, {**inputs, "speaker_search_task_id": "task-2"}, id_) == (True, [])


@pytest.mark.parametrize(
    ("changed", "replaces"),
    [
        ({}, []),
        ({"tags": {}}, []),
        ({"media_pipeline_id": "another"}, []),
        ({"voice_profile_domain_arn": "arn:another"}, ["voice_profile_domain_arn"]),
        ({"region": "us-west-2"}, ["region"]),
        ({"adopt": "vp-other"}, ["adopt"]),
    ],
    ids=lambda value: next(iter(value), "nothing") if isinstance(value, dict) else None,
)
def test_only_another_domain_region_or_adoption_replaces_it(
    provider: ProviderProcess, inputs: Props, changed: Props, replaces: list[str]
) -> None:
    id_, outputs = provider.create(inputs)
    assert provider.diff(outputs, {**inputs, **changed}, id_) == (bool(changed), replaces)


@pytest.mark.parametrize("expired", [False, True], ids=["valid", "expired"])
def test_another_search_enrols_the_same_profile_again(
    provider: ProviderProcess, inputs: Props, search: Search, control: SandboxControl, expired: bool
) -> None:
    id_, outputs = provider.create(inputs)
    before = outputs["expires_at"]
    control.advance_clock(3 * 365 * DAY_SECONDS + 1 if expired else DAY_SECONDS)
    later = spoken(search.aws, control, search.domain)
    news = {**inputs, "speaker_search_task_id": later.task, "media_pipeline_id": later.pipeline}
    updated = provider.update(id_, outputs, news)
    assert (updated["voice_profile_id"], updated["outcome"]) == (id_, "enrolled")
    assert updated["expires_at"] > before


def test_without_consent_nobody_is_enrolled_again(
    provider: ProviderProcess, inputs: Props, search: Search, control: SandboxControl
) -> None:
    id_, outputs = provider.create(inputs)
    later = spoken(search.aws, control, search.domain)
    news = {**inputs, "speaker_search_task_id": later.task, "media_pipeline_id": later.pipeline}
    with pytest.raises(grpc.RpcError, match="the declared consent is not valid"):
        provider.update(id_, outputs, {**news, "tags": {}})
    assert calls(control, "UpdateVoiceProfile") == 0


def test_changed_tags_ask_nothing_of_aws(
    provider: ProviderProcess, inputs: Props, control: SandboxControl
) -> None:
    id_, outputs = provider.create(inputs)
    before = len(control.calls())
    updated = provider.update(id_, outputs, {**inputs, "tags": {**inputs["tags"], "team": "voice"}})
    assert (updated["tags"]["team"], len(control.calls())) == ("voice", before)


def test_delete_deletes_the_profile_and_sees_it(
    provider: ProviderProcess, inputs: Props, search: Search, control: SandboxControl
) -> None:
    id_, outputs = provider.create(inputs)
    provider.delete(id_, outputs)
    assert (ids(search), control.calls("GetVoiceProfile")[-1]["status"]) == ([], 404)


def test_a_profile_that_is_gone_can_be_deleted(
    provider: ProviderProcess, inputs: Props, search: Search
) -> None:
    id_, outputs = provider.create(inputs)
    outputs["accepted_at"] = "2026-01-01T00:00:00.000Z"
    search.aws.voice.delete_voice_profile(VoiceProfileId=id_)
    provider.delete(id_, outputs)
    assert ids(search) == []


@pytest.mark.parametrize("switch", ["not_found", "kept"])
def test_an_expired_profile_can_be_deleted(
    provider: ProviderProcess, inputs: Props, search: Search, control: SandboxControl, switch: str
) -> None:
    control.set_switches(expired_profile=switch)
    id_, outputs = provider.create(inputs)
    control.advance_clock(3 * 365 * DAY_SECONDS + 1)
    provider.delete(id_, outputs)
    assert ids(search) == []


def test_a_profile_that_can_not_be_deleted_is_an_error(
    provider: ProviderProcess, inputs: Props, search: Search, control: SandboxControl
) -> None:
    id_, outputs = provider.create(inputs)
    control.add_fault("forbidden", "DeleteVoiceProfile", nth=1)
    with pytest.raises(grpc.RpcError, match="ForbiddenException"):
        provider.delete(id_, outputs)
    assert ids(search) == [id_]


def test_the_permissions_of_the_deployer_suffice_for_the_life_of_a_profile(
    provider: ProviderProcess, inputs: Props, search: Search, control: SandboxControl
) -> None:
    later = spoken(search.aws, control, search.domain)
    control.clear_calls()
    id_, outputs = provider.create(inputs)
    news = {**inputs, "speaker_search_task_id": later.task, "media_pipeline_id": later.pipeline}
    outputs = provider.update(id_, outputs, news)
    provider.read(id_, outputs)
    provider.delete(id_, outputs)
    asked = {call["operation"] for call in control.calls() if call["service"].startswith("chime")}
    document = json.loads((ROOT / "docs" / "permissions" / "deployer.json").read_text())
    allowed = {action for statement in document["Statement"] for action in statement["Action"]}
    assert {f"chime:{operation}" for operation in asked} - allowed == set()
    assert {f"{verb}VoiceProfile" for verb in ("Create", "Get", "Update", "Delete")} <= asked


def test_a_search_of_another_domain_leaves_no_profile(
    provider: ProviderProcess, inputs: Props, search: Search, aws_account: AwsAccount
) -> None:
    with pytest.raises(grpc.RpcError, match="is deleted again"):
        provider.create({**inputs, "voice_profile_domain_arn": aws_account.domain()})
    with pytest.raises(ClientError, match="NotFound"):
        search.aws.voice.get_voice_profile(VoiceProfileId=next(iter(ids(search)), "vp-none"))
