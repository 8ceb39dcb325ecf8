"""What an exported deployment says of searches, as it stands there: secrets encrypted, creates interrupted."""

from __future__ import annotations

from typing import Any

import pytest
from pulumi_speaker_search.lifecycle.stack_record import StackRecord, name_in, record_of
from pulumi_speaker_search.type_tokens import MEDIA_INSIGHTS_PIPELINE, SPEAKER_SEARCH_TASK

from tests.unit.lifecycle.scripted_aws import CONFIGURATION_ARN, DOMAIN_ARN, STREAM_ARN

SECRET = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", "ciphertext": "v1:made-up"}
PARIS_ARN = "arn:aws:kinesisvideo:eu-west-3:123456789012:stream/voice/1700000000000"


def task(id_: str = "task-1", **outputs: Any) -> dict[str, Any]:
    usual = {"identifier": "pipeline-1", "voice_profile_domain_arn": DOMAIN_ARN}
    return {
        "urn": f"urn:pulumi:dev::project::{SPEAKER_SEARCH_TASK}::search",
        "type": SPEAKER_SEARCH_TASK,
        "custom": True,
        "id": id_,
        "outputs": {**usual, **outputs},
    }


def domain(**more: Any) -> dict[str, Any]:
    return {"type": "aws:chime/x:Domain", "urn": "u", "custom": True, "id": DOMAIN_ARN, **more}


def record(*resources: dict[str, Any], pending: tuple[dict[str, Any], ...] = ()) -> StackRecord:
    deployment = {"resources": list(resources), "pending_operations": list(pending)}
    return record_of("dev", stack="dev", project="project", deployment=deployment)


@pytest.mark.parametrize("name", ["search", "team::north", "a::b::c"])
def test_a_name_is_all_that_follows_the_type(name: str) -> None:
    urn = f"urn:pulumi:dev::project::outer$inner$chime:SpeakerSearchTask::{name}"
    assert name_in(urn) == name


def test_a_task_is_held_by_its_id() -> None:
    assert record(task()).ids == {"task-1"}


def test_a_search_that_never_started_holds_nothing() -> None:
    assert record(task("not-started")).ids == frozenset()


def test_a_pipeline_is_known_by_the_id_in_its_arn() -> None:
    (found,) = record(task(identifier=f"{DOMAIN_ARN.rsplit(':', 1)[0]}:media-pipeline/pipeline-9")).tasks
    assert found.pipeline_id == "pipeline-9"


def test_a_secret_pipeline_is_not_known() -> None:
    (found,) = record(task(identifier=SECRET)).tasks
    assert found.pipeline_id is None


def test_a_secret_pipeline_is_found_by_what_the_task_was_made_of() -> None:
    urn = f"urn:pulumi:dev::project::{MEDIA_INSIGHTS_PIPELINE}::search"
    pipeline = {**task("pipeline-1"), "urn": urn, "type": MEDIA_INSIGHTS_PIPELINE}
    found = record(pipeline, {**task(identifier=SECRET), "dependencies": [urn]})
    assert [found.pipeline_of(one) for one in found.tasks] == ["pipeline-1"]


def test_the_region_of_a_search_is_read_from_any_arn_if_one_is_a_secret() -> None:
    source = {"stream_arn": STREAM_ARN, "channel_id": 0}
    (found,) = record(
        task(voice_profile_domain_arn=SECRET, kinesis_video_stream_source_task_configuration=source)
    ).tasks
    assert found.region == "us-east-1"


def test_everything_in_state_names_regions() -> None:
    other = {"type": "aws:kinesis/x:Stream", "urn": "u", "custom": True, "outputs": {"arn": PARIS_ARN}}
    named = {"type": "aws:iam/x:Role", "urn": "u", "custom": True, "outputs": {"region": "eu-central-1"}}
    assert record(task(), other, named).regions == {"us-east-1", "eu-west-3", "eu-central-1"}


def test_the_account_is_the_one_of_the_searches() -> None:
    elsewhere = {"type": "x", "urn": "u", "custom": True, "id": PARIS_ARN.replace("123456789012", "9" * 12)}
    assert record(task(), elsewhere).accounts == {"123456789012"}


def test_created_resources_are_distinguished_from_existing_ones() -> None:
    read = {**domain(), "id": CONFIGURATION_ARN, "external": True}
    assert record(domain(), read).made_arns == {DOMAIN_ARN}


def test_a_former_name_is_read_from_the_origin() -> None:
    renamed = record(task(origin=f"urn:pulumi:old::project::{SPEAKER_SEARCH_TASK}::search"))
    assert len(renamed.former_hashes) == 1


def test_a_stack_that_kept_its_name_has_no_former_one() -> None:
    assert record(task()).former_hashes == frozenset()


def test_an_interrupted_create_is_known_without_an_id() -> None:
    pending = {"type": "creating", "resource": {**task(), "id": None, "type": MEDIA_INSIGHTS_PIPELINE}}
    assert [one.id for one in record(pending=(pending,)).interrupted] == [None]


def test_a_create_whose_resource_is_in_state_is_not_interrupted() -> None:
    assert record(task(), pending=({"type": "creating", "resource": task()},)).interrupted == ()


def test_an_empty_deployment_holds_nothing() -> None:
    nothing = record_of("dev", stack="dev", project="project", deployment={"resources": None})
    assert (nothing.ids, nothing.regions) == (frozenset(), frozenset())
