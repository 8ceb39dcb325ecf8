"""What `check` accepts the sandbox accepts too, and what it refuses the sandbox refuses: two copies of AWS's rules.

Nothing that a request names is there, so that a request which is right is answered with 404, and one that is wrong
with 400: the sandbox looks at the request first, as AWS does.
"""

from __future__ import annotations

import string
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pulumi_speaker_search.lifecycle.request_schema import (
    ARN,
    FRAGMENT,
    STREAM_ARN,
    Group,
    Items,
    Number,
    Rule,
    Text,
    TextMap,
)
from pulumi_speaker_search.lifecycle.request_validation import to_aws
from pulumi_speaker_search.providers import PipelineProvider, TaskProvider

from tests.aws_account import AwsAccount, error_code
from tests.unit.lifecycle.declared_fields import declaration, refused_properties, text_of_length

REQUESTS = settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
CHARACTERS = string.ascii_letters + string.digits + "-_.:/"
ODD_CHARACTERS = CHARACTERS + " ~é%"


def texts(rule: Text) -> st.SearchStrategy[str]:
    """Texts around the limits of a rule, most of them right."""
    if rule.enum:
        return st.sampled_from((*rule.enum, "other", rule.enum[0].lower()))
    if rule.timestamp:
        return st.just("2026-01-31T12:00:00+00:00")
    longest = rule.max_length or 10
    lengths = st.sampled_from((max(rule.min_length, 1), 79, 80, longest - 1, longest, longest + 1))
    right = lengths.map(lambda length: text_of_length(rule.pattern, length))
    if rule.pattern and rule.pattern in (ARN, STREAM_ARN, FRAGMENT.pattern):
        return right | st.from_regex(rule.pattern, fullmatch=True, alphabet=CHARACTERS)
    # Not `.` and `..`: an HTTP client takes those for steps in the path.
    return right | st.text(ODD_CHARACTERS, min_size=1, max_size=70).filter(lambda text: text.strip("."))


def values(rule: Rule) -> st.SearchStrategy[Any]:
    """Values around the limits of a rule."""
    match rule:
        case Text():
            return texts(rule)
        case Number():
            return st.integers(rule.minimum - 1, rule.maximum + 1).map(float)
        case Group():
            required = {name: values(member) for name, member in rule.members.items() if member.required}
            optional = {name: values(member) for name, member in rule.members.items() if not member.required}
            return st.fixed_dictionaries(required, optional=optional)
        case Items():
            return st.lists(values(rule.items), min_size=0, max_size=rule.maximum + 1)
        case TextMap():
            return st.dictionaries(st.text(ODD_CHARACTERS, min_size=1), st.text(ODD_CHARACTERS), max_size=3)


def one_field_changed(provider: type[TaskProvider | PipelineProvider]) -> st.SearchStrategy[dict[str, Any]]:
    """Declarations that are right but for what one top-level field may hold."""
    right = declaration(provider)

    def changed(name: str) -> st.SearchStrategy[dict[str, Any]]:
        return values(provider.rules[name]).map(lambda value: {**right, name: value})

    return st.one_of([changed(name) for name in provider.rules])


def refuses(call: Callable[..., Any], request: dict[str, Any]) -> bool:
    """Whether the answer is "this request is wrong"."""
    with pytest.raises(ClientError) as caught:
        call(**request)
    code, status = error_code(caught.value)
    assert status in (400, 404), code
    return status == 400


@REQUESTS
@given(declared=one_field_changed(TaskProvider))
def test_check_and_sandbox_agree_about_a_task(aws: AwsAccount, declared: dict[str, Any]) -> None:
    refused = bool(refused_properties(TaskProvider, declared))
    sent = to_aws(TaskProvider.rules, declared)
    assert refuses(aws.media.start_speaker_search_task, sent) == refused


SOURCES = (
    "kinesis_video_stream_source_runtime_configuration",
    "kinesis_video_stream_recording_source_runtime_configuration",
)


@pytest.mark.parametrize("source", SOURCES)
@REQUESTS
@given(declared=one_field_changed(PipelineProvider))
def test_check_and_sandbox_agree_about_a_pipeline(
    aws: AwsAccount, source: str, declared: dict[str, Any]
) -> None:
    one_source = {name: value for name, value in declared.items() if name == source or name not in SOURCES}
    refused = bool(refused_properties(PipelineProvider, one_source))
    sent = to_aws(PipelineProvider.rules, one_source)
    assert refuses(aws.media.create_media_insights_pipeline, sent) == refused
