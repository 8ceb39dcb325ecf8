"""The control API: settings, lists of active resources, and who may call it."""

import dataclasses
import http.client
import json
import time
from urllib.parse import urlsplit

import pytest

from sandbox.call_log import LoggedCall
from sandbox.control import CallRow, ControlError, SandboxControl
from tests.aws_account import AwsAccount
from tests.sandbox_process import SandboxProcess


def raw(sandbox: SandboxProcess, method: str, path: str, body: str, headers: dict[str, str]) -> int:
    connection = http.client.HTTPConnection(urlsplit(sandbox.endpoint).netloc, timeout=10)
    connection.request(method, path, body, headers)
    status = connection.getresponse().status
    connection.close()
    return status


def test_settings_start_at_awss_quotas(control: SandboxControl) -> None:
    quotas = control.settings()["quotas"]
    assert (quotas["active_speaker_search_tasks"], quotas["active_pipelines"]) == (25, 20)


def test_reset_brings_every_setting_back(control: SandboxControl) -> None:
    before = control.settings()
    control.set_latency(0.01)
    control.set_transitions(task_initializing_seconds=9)
    control.set_quotas(active_pipelines=99)
    control.set_switches(new_streams_receive_media=False)
    control.reset()
    assert control.settings() == before


@pytest.mark.parametrize(
    ("group", "values"),
    [
        ("set_transitions", {"no_such_seconds": 1}),
        ("set_transitions", {"task_initializing_seconds": -1}),
        ("set_transitions", {"task_initializing_seconds": "soon"}),
        ("set_quotas", {"active_pipelines": 1.5}),
        ("set_quotas", {"active_pipelines": True}),
        ("set_switches", {"stop_of_ended_task": "maybe"}),
        ("set_switches", {"speech_speed": 0}),
        ("set_switches", {"speech_speed": -1}),
        ("set_switches", {"new_streams_receive_media": 1}),
    ],
)
def test_a_setting_that_can_not_be_is_refused(
    control: SandboxControl, group: str, values: dict[str, object]
) -> None:
    with pytest.raises(ControlError, match=next(iter(values))):
        getattr(control, group)(**values)


def test_a_refused_setting_changes_nothing(control: SandboxControl) -> None:
    before = control.settings()
    with pytest.raises(ControlError):
        control.set_quotas(active_pipelines=5, no_such_quota=1)
    assert control.settings() == before


def test_streams_can_begin_without_media(aws: AwsAccount, control: SandboxControl) -> None:
    control.set_switches(new_streams_receive_media=False)
    aws.stream()
    assert [row["media"] for row in control.streams()] == [False]


def test_alive_tasks_are_listed_with_their_request(aws: AwsAccount, control: SandboxControl) -> None:
    pipeline = aws.pipeline()
    task = aws.task(pipeline, ClientRequestToken="token-1")
    (row,) = control.tasks()
    assert (row["task_id"], row["pipeline_id"], row["token"], row["status"]) == (
        task,
        pipeline,
        "token-1",
        "InProgress",
    )


def test_ended_tasks_are_listed_when_asked_for(aws: AwsAccount, control: SandboxControl) -> None:
    pipeline = aws.pipeline()
    aws.stop(pipeline, aws.task(pipeline))
    assert (control.tasks(), [row["status"] for row in control.tasks(ended=True)]) == ([], ["Stopped"])


def test_alive_pipelines_are_listed(aws: AwsAccount, control: SandboxControl) -> None:
    pipeline = aws.pipeline()
    assert [row["pipeline_id"] for row in control.pipelines()] == [pipeline]


def test_forcing_the_status_of_nothing_is_refused(control: SandboxControl) -> None:
    with pytest.raises(ControlError, match=r"404.*no task or pipeline"):
        control.force_status("nothing", "Failed")


def test_forcing_a_word_that_aws_does_not_have_is_refused(aws: AwsAccount, control: SandboxControl) -> None:
    pipeline = aws.pipeline()
    with pytest.raises(ControlError, match="Listening"):
        control.force_status(pipeline, "Listening")


def test_an_unknown_path_names_those_that_are_there(control: SandboxControl, sandbox: SandboxProcess) -> None:
    assert raw(sandbox, "GET", "/_sandbox/nothing", "", {}) == 404


def test_a_web_page_can_not_reset_the_sandbox(sandbox: SandboxProcess) -> None:
    assert raw(sandbox, "POST", "/_sandbox/reset", "", {"Content-Type": "text/plain"}) == 415


@pytest.mark.parametrize("path", ["/_sandbox/tasks", "/"])
def test_another_host_name_is_refused(sandbox: SandboxProcess, path: str) -> None:
    assert raw(sandbox, "GET", path, "", {"Host": "evil.example"}) == 403


def test_a_body_that_is_no_object_is_refused(sandbox: SandboxProcess) -> None:
    headers = {"Content-Type": "application/json"}
    assert raw(sandbox, "PUT", "/_sandbox/settings", json.dumps([1]), headers) == 400


def test_reset_brings_the_clock_back(aws: AwsAccount, control: SandboxControl) -> None:
    control.advance_clock(3600)
    control.reset()
    aws.media.list_media_pipelines()
    assert control.calls()[-1]["time"] == pytest.approx(time.time(), abs=60)


def test_a_row_of_the_call_log_has_the_fields_of_a_logged_call() -> None:
    assert set(CallRow.__annotations__) == {field.name for field in dataclasses.fields(LoggedCall)}
