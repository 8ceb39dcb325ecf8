"""Facts that are copied from AWS's service models, compared with the models that are installed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import botocore.session
import pytest
from botocore.model import ListShape, MapShape, OperationModel, ServiceModel, Shape, StructureShape
from pulumi_speaker_search.consent import vocabulary as consent_vocabulary
from pulumi_speaker_search.lifecycle import (
    aws_client,
    aws_refusals,
    aws_settings,
    ledger,
    request_schema,
    status,
    tokens,
)
from pulumi_speaker_search.lifecycle.request_schema import (
    CREATE_MEDIA_INSIGHTS_PIPELINE,
    GET_SPEAKER_SEARCH_TASK,
    START_SPEAKER_SEARCH_TASK,
    START_VOICE_TONE_ANALYSIS_TASK,
    Group,
    Items,
    Number,
    Rule,
    Text,
    TextMap,
)

SERVICES = (aws_client.MEDIA_PIPELINES, aws_client.VOICE, aws_client.KINESIS_VIDEO)
NOT_IN_TABLES = {"Tags"}
"""Members that are checked apart: tags go through `validate_tags`."""


def model(service: str) -> ServiceModel:
    return botocore.session.get_session().get_service_model(service)


def operation(name: str) -> OperationModel:
    return model(aws_client.MEDIA_PIPELINES).operation_model(name)


def input_of(name: str) -> StructureShape:
    shape = operation(name).input_shape
    assert isinstance(shape, StructureShape)
    return shape


TABLES: Mapping[str, Mapping[str, Rule]] = {
    "StartSpeakerSearchTask": START_SPEAKER_SEARCH_TASK,
    "StartVoiceToneAnalysisTask": START_VOICE_TONE_ANALYSIS_TASK,
    "CreateMediaInsightsPipeline": CREATE_MEDIA_INSIGHTS_PIPELINE,
    "GetSpeakerSearchTask": GET_SPEAKER_SEARCH_TASK,
}


def pairs(
    rules: Mapping[str, Rule], shape: StructureShape, path: str
) -> Iterator[tuple[str, Rule, Shape, bool]]:
    """(path, our rule, AWS's shape, whether AWS requires it) of every field of a table, structures included."""
    for name, rule in rules.items():
        member = shape.members[rule.wire_name]
        where = f"{path}.{name}"
        yield where, rule, member, rule.wire_name in shape.required_members
        if isinstance(rule, Items):
            assert isinstance(member, ListShape)
            rule, member = rule.items, member.member
        if isinstance(rule, Group):
            assert isinstance(member, StructureShape)
            yield from pairs(rule.members, member, where)


FIELDS = [pair for name, rules in TABLES.items() for pair in pairs(rules, input_of(name), name)]
every_field = pytest.mark.parametrize(
    ("rule", "shape", "required"), [field[1:] for field in FIELDS], ids=[field[0] for field in FIELDS]
)


@every_field
def test_a_field_is_required_where_aws_requires_it(rule: Rule, shape: Shape, required: bool) -> None:
    # The model does not require the source of a task, but AWS has no other way to name a stream.
    assert rule.required == (required or rule.wire_name == "KinesisVideoStreamSourceTaskConfiguration")


@every_field
def test_a_field_has_the_limits_of_its_shape(rule: Rule, shape: Shape, required: bool) -> None:
    assert ours(rule) == theirs(rule, shape)


def ours(rule: Rule) -> dict[str, Any]:
    match rule:
        case Text():
            return {
                "min": rule.min_length or None,
                "max": rule.max_length,
                "pattern": rule.pattern,
                "enum": rule.enum,
                "timestamp": rule.timestamp,
            }
        case Number() | Items():
            return {"min": rule.minimum, "max": rule.maximum}
        case TextMap():
            return {"key": rule.max_key_length, "value": rule.max_value_length}
        case Group():
            return {"members": {member.wire_name for member in rule.members.values()}}


def theirs(rule: Rule, shape: Shape) -> dict[str, Any]:
    limits = {name: shape.metadata.get(name) for name in ("min", "max")}
    match rule:
        case Text():
            pattern = shape.metadata.get("pattern")
            return {
                **limits,
                "pattern": pattern.removeprefix("^").removesuffix("$") if pattern else None,
                "enum": tuple(shape.metadata.get("enum", ())),
                "timestamp": shape.type_name == "timestamp",
            }
        case Number() | Items():
            return limits
        case TextMap():
            assert isinstance(shape, MapShape)
            return {"key": shape.key.metadata["max"], "value": shape.value.metadata["max"]}
        case Group():
            assert isinstance(shape, StructureShape)
            return {"members": set(shape.members)}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_has_every_member_of_its_request(name: str) -> None:
    assert {rule.wire_name for rule in TABLES[name].values()} == set(input_of(name).members) - NOT_IN_TABLES


def test_the_metadata_of_a_pipeline_is_of_one_line() -> None:
    shape = input_of("CreateMediaInsightsPipeline").members["MediaInsightsRuntimeMetadata"]
    assert isinstance(shape, MapShape)
    assert (shape.key.metadata["pattern"], shape.value.metadata["pattern"]) == (r".*\S.*", ".*")


def test_a_pipeline_takes_no_more_tags_than_the_request() -> None:
    shape = input_of("CreateMediaInsightsPipeline").members["Tags"]
    assert request_schema.MAX_TAGS["pipeline"] <= shape.metadata["max"]


@pytest.mark.parametrize("service", [aws_client.MEDIA_PIPELINES, aws_client.VOICE])
def test_tag_keys_and_values_are_as_long_as_aws_takes(service: str) -> None:
    shapes = model(service)
    longest = shapes.shape_for("TagKey").metadata["max"], shapes.shape_for("TagValue").metadata["max"]
    assert longest == (request_schema.MAX_TAG_KEY_LENGTH, request_schema.MAX_TAG_VALUE_LENGTH)


@pytest.mark.parametrize("ours", [ledger.VALUE_MAX_LENGTH, consent_vocabulary.VALUE_MAX_LENGTH])
def test_every_copy_of_the_longest_tag_value_is_the_same(ours: int) -> None:
    assert ours == request_schema.MAX_TAG_VALUE_LENGTH


def test_consent_tags_fit_into_a_tag_of_a_kinesis_video_stream() -> None:
    shape = model(aws_client.KINESIS_VIDEO).shape_for("TagValue")
    assert shape.metadata["max"] >= consent_vocabulary.VALUE_MAX_LENGTH


def test_a_token_of_the_chain_is_as_long_as_aws_takes() -> None:
    shape = input_of("StartSpeakerSearchTask").members["ClientRequestToken"]
    longest = max(len(token) for token in tokens.chain("urn", {}, None))
    assert shape.metadata["min"] <= longest <= shape.metadata["max"]


@pytest.mark.parametrize(
    ("words", "shape"),
    [(status.TaskStatus, "MediaPipelineTaskStatus"), (status.PipelineStatus, "MediaPipelineStatus")],
    ids=["task", "pipeline"],
)
def test_the_status_words_are_those_of_the_model(words: type[Any], shape: str) -> None:
    theirs = model(aws_client.MEDIA_PIPELINES).shape_for(shape).metadata["enum"]
    assert {str(word) for word in words} == set(theirs)


def test_an_ended_task_and_an_ended_pipeline_have_words_of_both_models() -> None:
    assert set(map(str, status.TaskStatus)) & set(map(str, status.PipelineStatus)) >= status.ENDED


@pytest.mark.parametrize("name", aws_refusals.QUOTAS)
def test_every_quota_is_of_an_operation_that_exists(name: str) -> None:
    camel = "".join(part.capitalize() for part in name.split("_"))
    assert any(camel in model(service).operation_names for service in SERVICES)


def error_codes() -> set[str]:
    return {shape.name for service in SERVICES for shape in model(service).error_shapes}


@pytest.mark.parametrize("code", sorted(aws_refusals.NOT_FOUND))
def test_a_code_for_what_is_not_there_is_one_of_aws(code: str) -> None:
    assert code in error_codes()


@pytest.mark.parametrize("code", ["ThrottledClientException", "ClientLimitExceededException"])
def test_a_code_for_throttling_is_one_of_aws(code: str) -> None:
    assert code in aws_refusals.THROTTLED & error_codes()


def test_the_code_for_a_full_quota_is_one_of_aws() -> None:
    assert aws_refusals.QUOTA_FULL & error_codes() == {"ResourceLimitExceededException"}


@pytest.mark.parametrize("service", aws_settings.ENDPOINT_KEYS)
def test_an_endpoint_is_set_for_a_service_that_there_is(service: str) -> None:
    assert service in botocore.session.get_session().get_available_services()
