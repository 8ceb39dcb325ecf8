"""`python -m tools.check_assumptions` on the local AWS: each question hears each answer that the local AWS can give."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from botocore.session import Session, get_session

from sandbox.control import SandboxControl
from sandbox.environment import ROOT
from tests.sandbox_process import SandboxProcess
from tools.check_assumptions.account import PREFIX, Account
from tools.check_assumptions.asking import ALL, Outcome, affordable, ask_all, in_order
from tools.check_assumptions.interruption import Interruption
from tools.check_assumptions.prices import Prices
from tools.check_assumptions.question import Question
from tools.check_assumptions.speaker import Speaker
from tools.check_assumptions.waits import Waits

QUICK_SECONDS = {
    "pipeline_initializing_seconds": 0.1,
    "pipeline_stopping_seconds": 0.1,
    "task_not_started_seconds": 0.1,
    "task_initializing_seconds": 0.2,
    "task_stopping_seconds": 0.1,
    "media_absent_seconds": 1.5,
}
WAITS = Waits(poll=0.1, settled=1.0, silence=3.5, longest=20.0)
ENOUGH_USD = 100.0
ANSWERS = [(question, value) for question in ALL for value in question.answers]


@pytest.fixture
def session(sandbox: SandboxProcess, monkeypatch: pytest.MonkeyPatch) -> Session:
    for name in ("AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION"):
        monkeypatch.setenv(name, sandbox.environment[name])
    return get_session()


@pytest.fixture
def account(session: Session, control: SandboxControl) -> Iterator[Account]:
    control.set_transitions(**QUICK_SECONDS)
    speaker = Speaker(session, None, speed=10.0)
    made = Account(session, "test", Interruption(), speaker, WAITS, pause_seconds=0.0)
    yield made
    made.clean_up.at_the_end()


def asked(account: Account, question: Question) -> Outcome:
    (outcome,) = ask_all(account, [question], Prices(), ENOUGH_USD, lambda _: None)
    return outcome


@pytest.mark.parametrize(
    ("question", "value"), ANSWERS, ids=[f"{question.id}: {value}" for question, value in ANSWERS]
)
def test_a_question_hears_what_the_local_aws_was_set_to(
    account: Account, control: SandboxControl, question: Question, value: str
) -> None:
    settings = question.answers[value]
    control.set_transitions(**settings.get("transitions", {}))
    control.set_quotas(**settings.get("quotas", {}))
    control.set_switches(**settings.get("switches", {}))
    outcome = asked(account, question)
    assert (outcome.answer, outcome.verdict) == (
        value,
        "as assumed" if value == question.assumed else "otherwise",
    ), outcome.detail


@pytest.mark.parametrize("question", ALL, ids=[question.id for question in ALL])
def test_what_is_assumed_is_one_of_the_answers(question: Question) -> None:
    assert question.assumed in question.answers


def in_the_account(sandbox: SandboxProcess) -> list[str]:
    """Names of everything that the questions make, of whatever is still there."""
    found = [row["pipeline_id"] for row in sandbox.control.pipelines()]
    found += [row["stream_name"] for row in sandbox.control.streams()]
    client = {
        name: boto3.client(
            name,
            endpoint_url=sandbox.endpoint,
            region_name="us-east-1",
            aws_access_key_id="sandbox",
            aws_secret_access_key="throw-away",
        )
        for name in ("iam", "sqs", "kms", "kinesis", "chime-sdk-voice", "chime-sdk-media-pipelines")
    }
    found += [one["RoleName"] for one in client["iam"].list_roles()["Roles"]]
    found += client["sqs"].list_queues().get("QueueUrls", [])
    found += client["kinesis"].list_streams()["StreamNames"]
    found += [
        one["Name"] for one in client["chime-sdk-voice"].list_voice_profile_domains()["VoiceProfileDomains"]
    ]
    configurations = client["chime-sdk-media-pipelines"].list_media_insights_pipeline_configurations()
    found += [
        one["MediaInsightsPipelineConfigurationName"]
        for one in configurations["MediaInsightsPipelineConfigurations"]
    ]
    keys = [one["KeyId"] for one in client["kms"].list_keys()["Keys"]]
    states = [client["kms"].describe_key(KeyId=key)["KeyMetadata"] for key in keys]
    found += [one["KeyId"] for one in states if one["KeyState"] != "PendingDeletion"]
    return found


def test_everything_is_taken_away_again(account: Account, sandbox: SandboxProcess) -> None:
    questions = [one for one in ALL if one.id in ("stop-twice", "same-token", "data-stream-tags")]
    ask_all(account, questions, Prices(), ENOUGH_USD, lambda _: None)
    assert in_the_account(sandbox) != []  # what questions share
    account.clean_up.at_the_end()
    assert (in_the_account(sandbox), account.clean_up.left) == ([], [])


def test_what_can_not_be_taken_away_is_named(account: Account) -> None:
    with account.clean_up.shared():
        account.clean_up.add("a thing", lambda: account.client("iam").delete_role(RoleName=""))
    account.interruption.shield()
    account.clean_up.sleep = lambda _: None
    account.clean_up.at_the_end()
    (left,) = account.clean_up.left
    assert left.startswith("a thing: ")


def test_the_cheapest_comes_first() -> None:
    prices = [Prices().of(question.cost) for question in in_order(ALL, Prices())]
    assert prices == sorted(prices)


def test_without_a_budget_only_what_is_free_is_asked() -> None:
    within = affordable(ALL, Prices(), 0.0)
    assert {one.id for one in ALL if within[one.id]} == {
        one.id for one in ALL if Prices().of(one.cost) == 0.0
    }


def test_all_that_is_asked_together_stays_within_the_budget() -> None:
    within = affordable(ALL, Prices(), 0.30)
    assert sum(Prices().of(one.cost) for one in ALL if within[one.id]) <= 0.30


def test_a_question_that_needs_a_voice_is_not_asked_without_one(account: Account) -> None:
    account.speaker = None
    question = next(one for one in ALL if one.id == "finished-task")
    assert (asked(account, question).verdict, account.clean_up.left) == ("not asked", [])


def run(sandbox: SandboxProcess, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tools.check_assumptions", *arguments],
        cwd=ROOT,
        env={**sandbox.environment, **variables},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_dry_run_writes_its_outcomes(
    sandbox: SandboxProcess, control: SandboxControl, tmp_path: Path
) -> None:
    control.set_switches(unusable_role="bad_request")
    file = tmp_path / "outcomes.json"
    done = run(sandbox, "--dry-run", "--only", "unusable-role", "--only", "api-rate", "--json", str(file))
    report = json.loads(file.read_text())
    assert (done.returncode, report["left"], report["settings"]) == (
        1,
        [],
        {"switches": {"unusable_role": "bad_request"}, "quotas": {"api_calls_per_second": 10}},
    )


def test_a_dry_run_ends_with_0_where_all_is_as_assumed(
    sandbox: SandboxProcess, control: SandboxControl
) -> None:
    control.set_transitions(**QUICK_SECONDS)
    done = run(sandbox, "--dry-run", "--only", "changed-request")
    assert (done.returncode, "1 as assumed." in done.stdout) == (0, True), done.stderr


def test_a_dry_run_asks_no_other_machine(sandbox: SandboxProcess) -> None:
    done = run(sandbox, "--dry-run", AWS_ENDPOINT_URL="https://aws.example")
    assert (done.returncode, "is not on this machine" in done.stderr) == (2, True)


def test_an_account_that_was_not_named_is_left_alone(
    sandbox: SandboxProcess, control: SandboxControl
) -> None:
    done = run(sandbox, "--account", "000000000000")
    assert (done.returncode, "--account 123456789012" in done.stderr) == (2, True)
    assert [call["operation"] for call in control.calls()] == ["GetCallerIdentity"]


def test_the_plan_asks_nothing(sandbox: SandboxProcess, control: SandboxControl) -> None:
    done = run(sandbox, "--plan")
    assert (done.returncode, len(done.stdout.splitlines()), control.calls()) == (0, len(ALL), [])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_leaves_nothing(
    sandbox: SandboxProcess, control: SandboxControl, number: signal.Signals
) -> None:
    control.set_transitions(**QUICK_SECONDS)
    command = [sys.executable, "-m", "tools.check_assumptions", "--dry-run", "--only", "silence-without-task"]
    with subprocess.Popen(command, cwd=ROOT, env=sandbox.environment, stdout=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 30
        while not control.pipelines() and time.monotonic() < deadline:
            time.sleep(0.1)
        process.send_signal(number)
        assert process.wait(timeout=60) == 130
    assert in_the_account(sandbox) == []


@pytest.mark.parametrize("question", ALL, ids=[question.id for question in ALL])
def test_the_document_has_the_question(question: Question) -> None:
    row = f"| `{question.id}` | {question.asks} | {question.assumed} | "
    assert row in (ROOT / "docs" / "aws.md").read_text(encoding="utf-8")


def test_the_document_names_the_beginning_of_all_names() -> None:
    assert f"`{PREFIX}-`" in (ROOT / "docs" / "aws.md").read_text(encoding="utf-8")
