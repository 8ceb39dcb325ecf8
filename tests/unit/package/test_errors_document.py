"""docs/errors.md holds the text of every error that a user can provoke. Each is provoked here and compared.

After a change of a text: `UPDATE_DOCS=1 pytest tests/unit/package/test_errors_document.py` writes the document.
"""

from __future__ import annotations

import os
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from botocore.exceptions import NoCredentialsError
from pulumi_speaker_search.lifecycle import (
    analysis_task,
    ledger,
    media_insights_pipeline,
    pipeline_start,
)
from pulumi_speaker_search.lifecycle.errors import SpeakerSearchError
from pulumi_speaker_search.lifecycle.occupied_channel import ListedTask
from pulumi_speaker_search.lifecycle.status import TASK_RUNS
from pulumi_speaker_search.lifecycle.task_adoption import adopt
from pulumi_speaker_search.lifecycle.task_kinds import SPEAKER_SEARCH
from pulumi_speaker_search.lifecycle.task_start import start
from pulumi_speaker_search.lifecycle.task_start_request import TaskStart
from pulumi_speaker_search.lifecycle.voice_enrolment import Enrolment, enrol
from pulumi_speaker_search.lifecycle.voice_profile import delete_voice_profile
from pulumi_speaker_search.lifecycle.waiting import StatusWaiter, wait

from tests.unit.lifecycle.scripted_aws import (
    BEGIN,
    CONFIGURATION_ARN,
    CONSENT,
    DOMAIN_ARN,
    LONG_AGO,
    ORIGIN,
    PIPELINE_ARN,
    STREAM_ARN,
    SUBJECT,
    Answer,
    World,
    lost_answer,
    refusal,
    tags,
    world,
)
from tests.unit.lifecycle.scripted_aws import task as task_answer
from tests.unit.lifecycle.test_voice_profile import described, profile
from tests.unit.package.wrong_input import check_lines, config_lines

NEWLINE = "\n"
DOCUMENT = Path(__file__).parents[3] / "docs" / "errors.md"

WANTED = TaskStart(
    kind=SPEAKER_SEARCH,
    pipeline_id="pipeline-1",
    domain_arn=DOMAIN_ARN,
    stream_arn=STREAM_ARN,
    channel_id=0,
    tags=CONSENT,
    origin=ORIGIN,
    timeout_seconds=10,
)


def aws(**answers: list[Answer]) -> World:
    """AWS that keeps a ledger without a word, and answers the rest as told."""
    ledger: dict[str, list[Answer]] = {
        "list_tags_for_resource": [{"Tags": []}],
        "list_tags_for_stream": [{"Tags": {}}],
        "get_media_pipeline": [pipeline_answer("NotStarted")],
        "tag_resource": [{}],
        "untag_resource": [{}],
    }
    return world(**{**ledger, **answers})


def pipeline_answer(status: str) -> Answer:
    return {
        "MediaPipeline": {
            "MediaInsightsPipeline": {
                "MediaPipelineId": "pipeline-1",
                "MediaPipelineArn": PIPELINE_ARN,
                "Status": status,
            }
        }
    }


def started(wanted: TaskStart = WANTED, **answers: list[Answer]) -> Callable[[], object]:
    return lambda: start(aws(**answers).aws, wanted)


def waited(*seen: str | None) -> Callable[[], object]:
    def run() -> object:
        there = aws(get_speaker_search_task=[_answer_with_status(status) for status in seen])
        waiter = StatusWaiter(target=TASK_RUNS, subject=SUBJECT, timeout_seconds=300, since=0)

        def fetch() -> analysis_task.Task | None:
            return analysis_task.find(there.aws, SPEAKER_SEARCH, "pipeline-1", "task-1", deadline=1e9)

        return wait(there.aws, waiter, fetch)

    return run


def _answer_with_status(status: str | None) -> Answer:
    return refusal("NotFoundException", 404) if status is None else task_answer(status=status)


@dataclass(frozen=True)
class Provoked:
    """One error: how a user comes to it, what provokes it here, what to know beyond its text."""

    title: str
    when: str
    provoke: Callable[[], object]


def stopped_never() -> object:
    there = aws(
        stop_speaker_search_task=[{}],
        get_speaker_search_task=[task_answer(status="Stopping")],
    )
    return analysis_task.stop(
        there.aws, SPEAKER_SEARCH, "pipeline-1", "task-1", account_arn=DOMAIN_ARN, timeout_seconds=120
    )


def ended_never() -> object:
    there = aws(
        delete_media_pipeline=[{}],
        get_media_pipeline=[pipeline_answer("Stopping")],
    )
    media_insights_pipeline.stop(there.aws, "pipeline-1", timeout_seconds=120)
    return None


def old_intent() -> object:
    left = ledger.Entry(
        kind=SPEAKER_SEARCH,
        resource_hash=ledger.resource_hash(ORIGIN),
        token="ss-of-an-earlier-start-0",
        recorded_at=BEGIN - timedelta(seconds=ledger.TOKEN_REPLAY_WINDOW_SECONDS),
        stack_hash=ledger.stack_hash(ORIGIN),
        channel_id=0,
    )
    return start(aws(list_tags_for_resource=[tags(**ledger.to_tags(left))]).aws, WANTED)


def occupied() -> object:
    other = ledger.Entry(
        kind=SPEAKER_SEARCH,
        resource_hash=ledger.resource_hash(ORIGIN + "-before"),
        token="ss-of-another-resource-0",
        recorded_at=BEGIN - timedelta(hours=1),
        stack_hash=ledger.stack_hash(ORIGIN),
        channel_id=0,
        task_id="task-7",
        stream_arn=STREAM_ARN,
        domain_arn=DOMAIN_ARN,
    )
    there = aws(
        list_tags_for_resource=[{"Tags": []}, tags(**ledger.to_tags(other))],
        get_speaker_search_task=[task_answer(status="InProgress", id_="task-7")],
    )
    return start(there.aws, WANTED)


def under_a_new_name() -> object:
    other = ListedTask(
        urn="urn:pulumi:dev::project::pulumi-python:dynamic/chime:SpeakerSearchTask::before",
        task_id="task-7",
        pipeline_id="pipeline-7",
    )
    there = aws(get_speaker_search_task=[task_answer(status="InProgress", id_="task-7")])
    return start(there.aws, replace(WANTED, same_channel=(other,)))


def held_elsewhere() -> object:
    answer = {
        "MediaInsightsPipeline": {
            "MediaPipelineId": "pipeline-1",
            "MediaPipelineArn": PIPELINE_ARN,
            "Status": "InProgress",
            "CreatedTimestamp": LONG_AGO,
        }
    }
    mark = {ledger.PIPELINE: f"ss-of-this-pipeline-0/{ledger.stack_hash('urn:pulumi:prod::project::')}"}
    there = aws(create_media_insights_pipeline=[answer], list_tags_for_resource=[tags(**mark)])
    wanted = pipeline_start.PipelineStart(
        request={"MediaInsightsPipelineConfigurationArn": CONFIGURATION_ARN},
        tags=CONSENT,
        origin=ORIGIN,
        timeout_seconds=10,
    )
    return pipeline_start.start(there.aws, wanted)


def abandoned() -> object:
    there = aws()
    there.engine_gone = True
    return start(there.aws, WANTED)


def enrolled(**answers: list[Answer]) -> Callable[[], object]:
    """Enrol the voice of a search that has ended, in a domain without profiles."""
    usual: dict[str, list[Answer]] = {
        "get_speaker_search_task": [task_answer(status="Stopped")],
        "list_voice_profiles": [{"VoiceProfiles": []}],
    }
    wanted = Enrolment(
        speaker_search_task_id="task-1",
        pipeline_id="pipeline-1",
        domain_arn=DOMAIN_ARN,
        tags=CONSENT,
        timeout_seconds=10,
    )
    return lambda: enrol(aws(**{**usual, **answers}).aws, wanted)


def too_old() -> Answer:
    ended, sent = BEGIN + timedelta(days=1), BEGIN + timedelta(days=3)
    response = {"HTTPHeaders": {"date": format_datetime(sent, usegmt=True)}}
    return {**task_answer(status="Stopped", created=ended), "ResponseMetadata": response}


def never_deleted() -> object:
    there = aws(delete_voice_profile=[{}], get_voice_profile=[profile()])
    return delete_voice_profile(there.aws, "vp-1", account_arn=DOMAIN_ARN, timeout_seconds=120)


CASES = (
    Provoked(
        "The declared consent is not valid",
        "At the start a declared consent tag is missing, malformed, withdrawn or past its date.",
        started(replace(WANTED, tags={**CONSENT, "consent:status": "withdrawn", "consent:notice": ""})),
    ),
    Provoked(
        "The consent tags in AWS are not valid",
        "With `verify_live_tags`, domain, stream or pipeline have other tags than declared.",
        started(replace(WANTED, verify_live_tags=True)),
    ),
    Provoked(
        "Consent was withdrawn in AWS",
        "Domain, stream or pipeline have `consent:status=withdrawn`, whatever is declared.",
        started(list_tags_for_stream=[{"Tags": {"consent:status": "withdrawn"}}]),
    ),
    Provoked(
        "Another consent record in AWS",
        "Domain, stream or pipeline have another `consent:record-ref` than the declaration.",
        started(list_tags_for_stream=[{"Tags": {"consent:record-ref": "synthetic-voices/0002"}}]),
    ),
    Provoked(
        "Another search has the stream and channel",
        "A resource was renamed without an alias, moved, or removed by `pulumi state delete`; or two declarations "
        "have the same channel.",
        occupied,
    ),
    Provoked(
        "A search of the same channel is in state under another name",
        "A resource was renamed or moved without an alias. Nothing was changed: with the alias, the next `pulumi up` "
        "continues the search unchanged.",
        under_a_new_name,
    ),
    Provoked(
        "The search is in the state of another stack",
        "A search was moved or adopted, or its stack was renamed, and the declaration that started it still exists.",
        held_elsewhere,
    ),
    Provoked(
        "The pipeline has too many tags",
        "AWS allows 50 tags per resource, and a ledger entry needs up to four.",
        started(list_tags_for_resource=[tags(**{f"team-{n}": "x" for n in range(50)})]),
    ),
    Provoked(
        "The credentials belong to another account",
        "`destroy` or `refresh` with the credentials of another account. Nothing is changed.",
        lambda: analysis_task.stop(
            aws(
                stop_speaker_search_task=[_answer_with_status(None)],
                get_speaker_search_task=[_answer_with_status(None)],
                get_caller_identity=[{"Account": "210987654321"}],
            ).aws,
            SPEAKER_SEARCH,
            "pipeline-1",
            "task-1",
            account_arn=DOMAIN_ARN,
            timeout_seconds=120,
        ),
    ),
    Provoked(
        "AWS refuses the request",
        "AWS found a problem that can't be checked before the call, such as a stream without media.",
        started(start_speaker_search_task=[refusal("BadRequestException", 400, "The stream has no media.")]),
    ),
    Provoked(
        "No permission",
        "The IAM policy does not allow the call.",
        started(start_speaker_search_task=[refusal("ForbiddenException", 403, "Not authorized.")]),
    ),
    Provoked(
        "There are no credentials",
        "Environment, shared files and `aws:` config have none.",
        started(list_tags_for_resource=[NoCredentialsError()]),
    ),
    Provoked(
        "The ledger can't be written",
        "The pipeline may not be tagged. Nothing was started. Allow `chime:TagResource`. With `ledger=False` there is "
        "no ledger, but then a task may be lost after a crash.",
        started(tag_resource=[refusal("ForbiddenException", 403, "Not authorized to tag.")]),
    ),
    Provoked(
        "A quota is full",
        "Too many tasks are active in the region.",
        started(start_speaker_search_task=[refusal("ResourceLimitExceededException", 400)]),
    ),
    Provoked(
        "AWS throttled the calls until the time-out",
        "There were too many calls in the account. Nothing was started.",
        started(start_speaker_search_task=[refusal("ThrottledClientException", 429)]),
    ),
    Provoked(
        "A response was lost, and the outcome is not known",
        "The connection broke, and AWS could not be reached again. Otherwise the task is found by its token.",
        started(start_speaker_search_task=[lost_answer()]),
    ),
    Provoked(
        "An interrupted start is too old to be replayed",
        "A start was killed before its task id was recorded, and the next `up` came more than five minutes later.",
        old_intent,
    ),
    Provoked(
        "Every token has been used",
        "The same declaration was started and ended 32 times while AWS remembers its tokens.",
        started(start_speaker_search_task=[task_answer(status="Stopped", created=LONG_AGO)]),
    ),
    Provoked(
        "The engine is gone",
        "The CLI was killed just before a start.",
        abandoned,
    ),
    Provoked("The task is not running in time", "The time-out `ready` has passed.", waited("Initializing")),
    Provoked("The task failed while it was starting", "AWS ended it.", waited("Initializing", "Failed")),
    Provoked("AWS has a new status", "This release does not know it.", waited("Hibernating")),
    Provoked("The task does not stop", "The time-out `delete` has passed.", stopped_never),
    Provoked("The pipeline does not end", "The time-out `delete` has passed.", ended_never),
    Provoked(
        "The task to adopt does not exist",
        "`adopt` names a task that this pipeline does not have.",
        lambda: adopt(aws(get_speaker_search_task=[_answer_with_status(None)]).aws, "task-1", WANTED),
    ),
    Provoked(
        "The task to adopt has ended",
        "`adopt` names a task that is no longer running.",
        lambda: adopt(aws(get_speaker_search_task=[_answer_with_status("Stopped")]).aws, "task-1", WANTED),
    ),
    Provoked(
        "The search has no voiceprint yet",
        "A `VoiceProfile` is declared before anybody has spoken.",
        enrolled(get_speaker_search_task=[task_answer(status="Initializing")]),
    ),
    Provoked(
        "The voiceprint is too old",
        "The search ended more than 24 hours ago. AWS is not asked to enrol it.",
        enrolled(get_speaker_search_task=[too_old()]),
    ),
    Provoked(
        "AWS has deleted the voiceprint",
        "The search could not be read any more, and AWS answered with HTTP 410.",
        enrolled(create_voice_profile=[refusal("GoneException", 410, "Gone.")]),
    ),
    Provoked(
        "The domain has as many voice profiles as it may have",
        "This would be the 21st.",
        enrolled(create_voice_profile=[refusal("ResourceLimitExceededException")]),
    ),
    Provoked(
        "The response to an enrolment was lost",
        "AWS has no token by which a second call would find the profile of the first.",
        enrolled(
            create_voice_profile=[lost_answer()],
            list_voice_profiles=[{"VoiceProfiles": []}, {"VoiceProfiles": [described("vp-7")]}],
        ),
    ),
    Provoked("The voice profile is not deleted", "The time-out `delete` has passed.", never_deleted),
)

HEAD = """\
# Errors and remedies

Every error of a start, a wait and a stop. A test causes each error and compares its text with this page
(`tests/unit/package/test_errors_document.py`). Wrong input is refused before any call to AWS; its messages are at
the end. What AWS has accepted is in state: an error during a wait loses nothing.

In an emergency, `speaker-search stop --all` stops every search of a stack at once, without an update, even if one
of them can't be stopped in the usual way ([operations](operations.md)). While something is protected, `pulumi
destroy` stops nothing; `pulumi destroy --exclude-protected` stops everything.
"""

IMPORT = """\
## `pulumi import` of a search or pipeline ends in a traceback

`pulumi import 'pulumi-python:dynamic/chime:SpeakerSearchTask' NAME ID`: Pulumi's host of Python providers fails
before it loads this project, which therefore can't improve the message. Nothing was changed, in AWS or in state,
and running searches go on. Declare the search, and give the id as `adopt` (`adopt_task`, `adopt_pipeline`).

```text
KeyError: '__provider'
```
"""
"""Pinned on the real engine by `tests/engine/test_import.py`."""


def text_of(case: Provoked) -> str:
    with pytest.raises(SpeakerSearchError) as met:
        case.provoke()
    return str(met.value)


def section(case: Provoked) -> str:
    text = textwrap.fill(text_of(case), 110, break_long_words=False, break_on_hyphens=False)
    return f"## {case.title}\n\n{case.when}\n\n```text\n{text}\n```\n"


def input_sections() -> str:
    return (
        "## Wrong input of a resource\n\nBefore any call, property by property: what came and what AWS allows. A text "
        "is not repeated: it may be a secret. Correct "
        f"it in the program.\n\n```text\n{NEWLINE.join(check_lines())}\n```\n\n"
        "## Wrong config\n\nOne line that names the key. Correct it with `pulumi config set`, a `Consent` value in the "
        f"program.\n\n```text\n{NEWLINE.join(config_lines())}\n```\n"
    )


@pytest.fixture(scope="module", autouse=True)
def recorded_at() -> None:
    """Writes the document anew where that is asked for."""
    if os.environ.get("UPDATE_DOCS"):
        DOCUMENT.write_text("\n".join([HEAD, *map(section, CASES), IMPORT, input_sections()]))


def test_the_document_begins_with_what_always_stops_everything() -> None:
    assert DOCUMENT.read_text().startswith(HEAD)


def test_the_document_holds_the_lines_for_wrong_input() -> None:
    assert DOCUMENT.read_text().endswith(input_sections())


def test_the_document_says_what_to_do_instead_of_an_import() -> None:
    assert IMPORT in DOCUMENT.read_text()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_the_document_holds_the_text_as_it_is(case: Provoked) -> None:
    assert section(case) in DOCUMENT.read_text()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.title)
def test_no_text_repeats_a_consent_value(case: Provoked) -> None:
    assert not [value for value in CONSENT.values() if len(value) > 5 and value in text_of(case)]
