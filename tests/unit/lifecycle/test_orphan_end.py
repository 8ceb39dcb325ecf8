"""The end of an orphan: stopped first, looked at again, forgotten only where it was seen to have ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pulumi_speaker_search.lifecycle import ledger
from pulumi_speaker_search.lifecycle.orphan_end import end
from pulumi_speaker_search.lifecycle.orphans import Finding, Kind

from tests.unit.lifecycle.scripted_aws import (
    BEGIN,
    CONSENT,
    PIPELINE_ARN,
    Answer,
    World,
    conflict,
    not_found,
    tags,
    task,
    world,
)
from tests.unit.lifecycle.start_account import CHAIN, START, UNTAG, entry

STOP_TASK, END_PIPELINE = "stop_speaker_search_task", "delete_media_pipeline"


def account(carried: Mapping[str, str], /, **more: Sequence[Answer]) -> World:
    """An account whose pipeline carries these tags; it forgets the pipeline once that was told to end."""
    running = {
        "MediaPipeline": {
            "MediaInsightsPipeline": {
                "MediaPipelineId": "pipeline-1",
                "MediaPipelineArn": PIPELINE_ARN,
                "Status": "InProgress",
                "CreatedTimestamp": BEGIN,
            }
        }
    }

    def pipeline(_parameters: Mapping[str, object]) -> Mapping[str, object]:
        if END_PIPELINE in made.client.operations():
            raise not_found()
        return running

    usual: dict[str, Sequence[Answer]] = {
        "get_media_pipeline": [pipeline],
        "list_tags_for_resource": [tags(**carried)],
        "untag_resource": [{}],
        "start_speaker_search_task": [task("InProgress", "task-7")],
        "stop_speaker_search_task": [{}],
        "get_speaker_search_task": [task("Stopped", "task-7")],
        "delete_media_pipeline": [{}],
    }
    made = world(usual, **more)
    return made


def intent(age_seconds: float = 1.0) -> Finding:
    return found(Kind.INTENT, entry(CHAIN[0], age_seconds=age_seconds))


def found(kind: Kind, written: ledger.Entry) -> Finding:
    return Finding(
        kind=kind,
        region="us-east-1",
        pipeline_id="pipeline-1",
        pipeline_arn=PIPELINE_ARN,
        id=written.task_id,
        entry=written,
    )


ORPHAN = entry(CHAIN[0], "task-7", age_seconds=3600.0)


def listening(*answers: Answer, carried: ledger.Entry = ORPHAN) -> World:
    """An account in which AWS answers so when it is asked for the task."""
    return account(ledger.to_tags(carried), get_speaker_search_task=answers)


def test_a_task_is_stopped_before_its_entry_goes() -> None:
    scripted = listening(task("Stopped", "task-7"))
    end(scripted.aws, found(Kind.TASK, ORPHAN))
    assert [one for one in scripted.client.operations() if one in (STOP_TASK, UNTAG)] == [STOP_TASK, UNTAG]


def test_one_late_not_found_takes_no_entry_off() -> None:
    scripted = listening(not_found(), task("InProgress", "task-7"), task("Stopped", "task-7"))
    assert end(scripted.aws, found(Kind.TASK, ORPHAN)) == "stopped"


def test_a_task_that_was_not_seen_to_end_keeps_its_entry() -> None:
    scripted = listening(not_found())
    end(scripted.aws, found(Kind.STALE_ENTRY, ORPHAN))
    assert UNTAG not in scripted.client.operations()


def test_a_stale_entry_gets_a_stop_before_it_is_deleted() -> None:
    scripted = account(ledger.to_tags(ORPHAN), stop_speaker_search_task=[conflict()])
    assert end(scripted.aws, found(Kind.STALE_ENTRY, ORPHAN)) == "removed from the ledger"
    assert STOP_TASK in scripted.client.operations()


def test_an_entry_that_a_new_start_has_written_meanwhile_stays() -> None:
    scripted = listening(task("Stopped", "task-7"), carried=entry(CHAIN[1], "task-8"))
    end(scripted.aws, found(Kind.TASK, ORPHAN))
    assert UNTAG not in scripted.client.operations()


def test_a_start_without_an_answer_is_not_asked_for_which_could_start_it() -> None:
    scripted = account(CONSENT)
    end(scripted.aws, intent())
    assert START not in scripted.client.operations()


def test_a_start_without_an_answer_ends_with_its_pipeline() -> None:
    scripted = account(CONSENT)
    end(scripted.aws, intent())
    assert END_PIPELINE in scripted.client.operations()
