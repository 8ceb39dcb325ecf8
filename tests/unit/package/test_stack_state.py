"""What the stack's own state changes in a declaration. Mocks serve the state; `tests/engine` has the engine."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pulumi
import pytest
from pulumi_speaker_search import (
    SpeakerSearch,
    SpeakerSearchTask,
    VoiceAnalytics,
    VoiceAnalyticsArgs,
)

from tests.unit.package.test_components import CONSENT, DOMAIN, STREAM, Recorder, declared, search

STACK = "urn:pulumi:test::speaker-search::pulumi:pulumi:Stack$"
"""The mocks, unlike the engine, have the stack among the types of a URN."""
ANALYTICS = f"{STACK}speaker-search:index:VoiceAnalytics$"
SEARCH = f"{STACK}speaker-search:index:SpeakerSearch$"
TASK = "pulumi-python:dynamic/chime:SpeakerSearchTask"
PIPELINE = "pulumi-python:dynamic/chime:MediaInsightsPipeline"
DOMAIN_TYPE = "aws:chime/sdkvoiceVoiceProfileDomain:SdkvoiceVoiceProfileDomain"
KEY_TYPE = "aws:kms/key:Key"
WITHDRAWN = {**CONSENT.tags(), "consent:status": "withdrawn"}
OF_ANOTHER_RECORD = {**WITHDRAWN, "consent:record-ref": "register/2026/0009"}


class WithState(Recorder):
    """Serves this state, by URN, and counts how often it is asked for it."""

    def __init__(self, state: dict[str, dict[str, Any]]) -> None:
        super().__init__()
        self.state = state
        self.reads: list[str] = []

    def call(self, args: pulumi.runtime.MockCallArgs) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
        if args.token != "pulumi:pulumi:readStackResourceOutputs":
            return super().call(args)
        self.reads.append(args.args["stackName"])
        stored = {
            urn: {"type": urn.split("::")[2].split("$")[-1], "outputs": outputs}
            for urn, outputs in self.state.items()
        }
        return {"outputs": stored}, []


def under(state: dict[str, dict[str, Any]], program: Callable[[], Any]) -> dict[str, dict[str, Any]]:
    """The inputs by type that a program declares whose stack has this state."""
    return declared(program, WithState(state))


def both() -> None:
    analytics = VoiceAnalytics("voice", VoiceAnalyticsArgs(consent=CONSENT))
    search(analytics=analytics)


def stored_task(urn: str, *, channel_id: int = 0, **more: Any) -> dict[str, dict[str, Any]]:
    """A task in state that listens."""
    outputs = {
        "speaker_search_task_id": "task-0",
        "speaker_search_task_status": "InProgress",
        "outcome": "running",
        "identifier": "pipeline-0",
        "kinesis_video_stream_source_task_configuration": {"stream_arn": STREAM, "channel_id": channel_id},
    }
    return {urn: {**outputs, **more}}


def test_without_a_state_a_search_listens() -> None:
    assert "listen" not in under({}, both)[TASK]


@pytest.mark.parametrize("urn", [f"{ANALYTICS}{DOMAIN_TYPE}::voice", f"{SEARCH}{PIPELINE}::search"])
@pytest.mark.parametrize("type_token", [TASK, PIPELINE])
def test_a_search_does_not_listen_while_a_part_of_it_carries_a_withdrawal(urn: str, type_token: str) -> None:
    assert under({urn: {"tags": WITHDRAWN}}, both)[type_token]["listen"] is False


def test_a_record_that_is_over_in_aws_listens_to_nobody_either() -> None:
    over = {**CONSENT.tags(), "consent:expires": "2020-01-01"}
    assert under({f"{ANALYTICS}{DOMAIN_TYPE}::voice": {"tags": over}}, both)[TASK]["listen"] is False


def test_a_withdrawal_on_what_another_search_uses_stops_nothing() -> None:
    state = {
        f"{SEARCH}{PIPELINE}::other": {"tags": WITHDRAWN},
        f"{ANALYTICS}{KEY_TYPE}::other": {"tags": WITHDRAWN},
    }
    assert "listen" not in under(state, both)[TASK]


def task_alone(stream_arn: pulumi.Input[str] = STREAM) -> None:
    SpeakerSearchTask(
        "search",
        identifier="pipeline-1",
        voice_profile_domain_arn=DOMAIN,
        kinesis_video_stream_source_task_configuration={"stream_arn": stream_arn, "channel_id": 0},
        tags=CONSENT.tags(),
    )


@pytest.mark.parametrize("arn", [DOMAIN, STREAM])
def test_a_task_that_is_declared_by_itself_does_not_listen_either(arn: str) -> None:
    state = {f"{STACK}{DOMAIN_TYPE}::mine": {"tags": WITHDRAWN, "arn": arn}}
    assert under(state, task_alone)[TASK]["listen"] is False


def test_nor_does_one_whose_stream_another_resource_gives() -> None:
    state = {f"{STACK}aws:kinesis/videoStream:VideoStream::mine": {"tags": WITHDRAWN, "arn": STREAM}}
    assert under(state, lambda: task_alone(pulumi.Output.from_input(STREAM)))[TASK]["listen"] is False


@pytest.mark.parametrize(("arn", "tags"), [("arn:of:another", WITHDRAWN), (DOMAIN, OF_ANOTHER_RECORD)])
def test_other_withdrawals_are_nothing_to_it(arn: str, tags: dict[str, str]) -> None:
    state = {f"{STACK}{DOMAIN_TYPE}::mine": {"tags": tags, "arn": arn}}
    assert under(state, task_alone)[TASK].get("listen") is None


def test_a_withdrawal_of_another_record_stops_nothing() -> None:
    state = {f"{ANALYTICS}{DOMAIN_TYPE}::voice": {"tags": OF_ANOTHER_RECORD}}
    assert "listen" not in under(state, both)[TASK]


def test_what_a_task_in_state_was_declared_with_is_no_evidence() -> None:
    state = stored_task(f"{SEARCH}{TASK}::search", tags=WITHDRAWN)
    assert "listen" not in under(state, both)[TASK]


def test_a_resource_keeps_the_withdrawal_that_stands_on_it() -> None:
    domain = under({f"{ANALYTICS}{DOMAIN_TYPE}::voice": {"tags": WITHDRAWN}}, both)[DOMAIN_TYPE]
    assert domain["tags"]["consent:status"] == "withdrawn"


def test_other_resources_of_the_record_are_declared_as_before() -> None:
    key = under({f"{ANALYTICS}{DOMAIN_TYPE}::voice": {"tags": WITHDRAWN}}, both)[KEY_TYPE]
    assert key["tags"]["consent:status"] == "given"


def test_a_new_record_is_declared_as_it_is() -> None:
    domain = under({f"{ANALYTICS}{DOMAIN_TYPE}::voice": {"tags": OF_ANOTHER_RECORD}}, both)[DOMAIN_TYPE]
    assert domain["tags"] == CONSENT.tags()


def on_stream() -> SpeakerSearch:
    return search(
        voice_profile_domain_arn=DOMAIN,
        media_insights_pipeline_configuration_arn="arn:aws:chime:us-east-1:123456789012:configuration/one",
        kinesis_video_stream_arn=STREAM,
    )


def test_a_withdrawal_on_an_existing_resource_counts_if_this_stack_created_it() -> None:
    state = {f"{STACK}{DOMAIN_TYPE}::mine": {"tags": WITHDRAWN, "arn": DOMAIN}}
    assert under(state, on_stream)[TASK]["listen"] is False


@pytest.mark.parametrize("type_token", [TASK, PIPELINE])
def test_a_search_of_the_same_channel_under_another_name_is_handed_over(type_token: str) -> None:
    other = f"{SEARCH}{TASK}::before"
    listed = under(stored_task(other), on_stream)[type_token]["same_channel"]
    assert listed == [{"urn": other, "task_id": "task-0", "pipeline_id": "pipeline-0"}]


@pytest.mark.parametrize(("hours", "listed"), [(8.9, True), (9.1, False)])
def test_no_search_outlives_the_longest_pipeline(hours: float, listed: bool) -> None:
    accepted_at = (datetime.now(UTC) - timedelta(hours=hours)).isoformat()
    state = stored_task(f"{SEARCH}{TASK}::before", accepted_at=accepted_at)
    assert bool(under(state, on_stream)[TASK].get("same_channel")) is listed


def test_a_search_that_has_the_channel_itself_is_in_nobodys_way() -> None:
    state = {**stored_task(f"{SEARCH}{TASK}::search"), **stored_task(f"{SEARCH}{TASK}::before")}
    assert under(state, on_stream)[TASK].get("same_channel") is None


def test_a_search_that_changes_its_channel_gets_the_holder_of_the_new_one() -> None:
    state = {
        **stored_task(f"{SEARCH}{TASK}::search", channel_id=1),
        **stored_task(f"{SEARCH}{TASK}::other"),
    }
    assert [one["urn"] for one in under(state, on_stream)[TASK]["same_channel"]] == [f"{SEARCH}{TASK}::other"]


@pytest.mark.parametrize(
    "state",
    [
        pytest.param(stored_task(f"{SEARCH}{TASK}::search"), id="its own"),
        pytest.param(stored_task(f"{SEARCH}{TASK}::before", channel_id=1), id="the other channel"),
        pytest.param(stored_task(f"{SEARCH}{TASK}::before", outcome="ended"), id="one that has ended"),
        pytest.param(stored_task(f"{SEARCH}{TASK}::before", outcome="gone"), id="one that is gone"),
        pytest.param(
            stored_task(f"{SEARCH}{TASK}::before", speaker_search_task_id="not-started"),
            id="one that never ran",
        ),
    ],
)
def test_no_other_search_is(state: dict[str, dict[str, Any]]) -> None:
    assert under(state, on_stream)[TASK].get("same_channel") is None


def test_the_state_is_read_once_for_a_program() -> None:
    recorder = WithState({})
    declared(both, recorder)
    assert len(recorder.reads) == 1


def test_each_program_of_a_process_reads_its_own_state() -> None:
    withdrawn = {f"{ANALYTICS}{DOMAIN_TYPE}::voice": {"tags": WITHDRAWN}}
    under(withdrawn, both)
    assert "listen" not in under({}, both)[TASK]


def test_a_backend_without_organizations_takes_the_bare_name() -> None:
    recorder = WithState({})
    declared(both, recorder)
    assert recorder.reads == ["test"]


def test_a_state_that_can_not_be_read_counts_as_empty() -> None:
    class Broken(WithState):
        def call(
            self, args: pulumi.runtime.MockCallArgs
        ) -> tuple[dict[Any, Any], list[tuple[str, str]] | None]:
            if args.token.startswith("pulumi:"):
                raise RuntimeError("no backend")
            return super().call(args)

    assert "listen" not in declared(both, Broken({}))[TASK]
