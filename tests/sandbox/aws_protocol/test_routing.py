"""An operation is found by method, raw path, query and ARN."""

import pytest

from sandbox.aws_protocol.errors import BODY_CODES, STATUS_OUTSIDE_MODELS, body_code
from sandbox.aws_protocol.routing import MEDIA_PIPELINES, VOICE, router, service_model
from sandbox.local_aws import Request
from sandbox.services.operations import OPERATIONS

TASKS = "/media-insights-pipelines/{}/speaker-search-tasks"


def matched(method: str, path: str, query: dict[str, str] | None = None) -> tuple[str, dict[str, str]] | None:
    found = router("chime").match(method, path, query or {})
    return (found.routes[0].operation, dict(found.path_arguments)) if found else None


def test_a_percent_encoded_arn_is_one_segment() -> None:
    arn = "arn:aws:chime:us-east-1:123456789012:media-pipeline/x"
    encoded = arn.replace(":", "%3A").replace("/", "%2F")
    found = matched("POST", TASKS.format(encoded), {"operation": "start"})
    assert found == ("StartSpeakerSearchTask", {"identifier": arn})


def test_an_empty_identifier_is_an_empty_segment() -> None:
    assert matched("POST", TASKS.format(""), {"operation": "start"}) == (
        "StartSpeakerSearchTask",
        {"identifier": ""},
    )


def test_the_query_decides_between_operations() -> None:
    assert matched("POST", f"{TASKS.format('x')}/y", {"operation": "stop"}) == (
        "StopSpeakerSearchTask", {"identifier": "x", "speakerSearchTaskId": "y"})  # fmt: skip


@pytest.mark.parametrize("query", [{}, {"operation": "begin"}])
def test_without_its_query_a_start_is_nothing(query: dict[str, str]) -> None:
    assert matched("POST", TASKS.format("x"), query) is None


def test_a_path_that_no_model_has_is_nothing() -> None:
    assert matched("GET", "/no/such/path") is None


@pytest.mark.parametrize(
    ("resource", "service"),
    [
        ("media-pipeline/x", MEDIA_PIPELINES),
        ("media-insights-pipeline-configuration/x", MEDIA_PIPELINES),
        ("voice-profile-domain/x", VOICE),
        ("voice-profile/x", VOICE),
        ("vc/x", VOICE),
    ],
)
def test_the_arn_decides_between_the_chime_apis(resource: str, service: str) -> None:
    arn = f"arn:aws:chime:us-east-1:123456789012:{resource}"
    listing = router("chime").match("GET", "/tags", {"arn": arn})
    tagging = router("chime").match("POST", "/tags", {"operation": "tag-resource"})
    assert listing
    assert tagging
    by_query = Request("a", "r", listing, {"arn": arn}, b"")
    by_body = Request("a", "r", tagging, {}, f'{{"ResourceARN": "{arn}"}}'.encode())
    assert (by_query.route.service, by_body.route.service) == (service, service)


@pytest.mark.parametrize("service", sorted(OPERATIONS))
def test_every_operation_in_the_table_is_in_the_model(service: str) -> None:
    assert OPERATIONS[service].keys() <= set(service_model(service).operation_names)


@pytest.mark.parametrize("service", [MEDIA_PIPELINES, VOICE])
@pytest.mark.parametrize("code", ["BadRequestException", "NotFoundException", "ThrottledClientException"])
def test_the_code_in_a_body_is_a_word_of_the_model(service: str, code: str) -> None:
    assert body_code(code) in service_model(service).shape_for("ErrorCode").enum


@pytest.mark.parametrize("code", sorted(STATUS_OUTSIDE_MODELS))
def test_a_status_is_written_down_only_where_no_model_has_it(code: str) -> None:
    listed = {shape.name for service in OPERATIONS for shape in service_model(service).error_shapes}
    assert code not in listed


def test_codes_that_are_translated_are_codes_of_a_model() -> None:
    listed = {shape.name for service in OPERATIONS for shape in service_model(service).error_shapes}
    assert BODY_CODES.keys() <= listed
