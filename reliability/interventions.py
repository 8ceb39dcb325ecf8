"""Interventions between two commands: in the stack, its state, the names in the program, and AWS."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from reliability.declaration import Search
from reliability.draw import STOPS
from reliability.plan import WITHDRAWN_IN_AWS, Intervention
from reliability.questions import alive_ids
from reliability.workplace import TASK_URN

if TYPE_CHECKING:
    from reliability.run import Run

OTHER_STACK: Final = "other"
LEDGER: Final = "speaker-search:"
KEPT_SECONDS: Final = 0.2
NEW: Final = "-new"
"""The suffix of a renamed resource."""
ENOUGH_SPEECH: Final = {"identification_speech_seconds": 0.2, "voiceprint_speech_seconds": 0.5}


def do(run: Run, intervention: Intervention) -> None:
    """Do an intervention, as far as the stack of the run allows."""
    match intervention:
        case "state restored":
            _restore_state(run)
        case "stack renamed" | "program renamed":
            _rename(run, intervention)
        case "resource renamed" | "resource renamed with alias" | "task renamed":
            _rename_resources(run, intervention)
        case "task deleted from state" | "task deleted from state, stack renamed":
            _delete_tasks(run)
            if "stack renamed" in intervention:
                _rename(run, "stack renamed")
        case "resource moved" | "search moved, old declaration stays":
            declared = dict(run.searches)
            _move(run)
            _run_what_stayed(run, declared, intervention)
        case "ledger tags taken off" | "cost tag changed in AWS":
            _tag_pipelines(run, intervention)
        case "searches end":
            _end_searches(run)
        case "results vanish":
            run.control.set_transitions(results_kept_seconds=KEPT_SECONDS)
        case "nobody speaks":
            for stream_arn in run.account.streams.values():
                run.control.set_media(stream_arn, False)
        case _ if intervention in WITHDRAWN_IN_AWS:
            run.withdrawals.write(intervention)
    run.note_let_go()


def _restore_state(run: Run) -> None:
    """Export the state, run `up` with new `triggers`, and import the export again."""
    file = run.place.export()
    run.triggers += 1
    run.command("up")
    run.cancel_if_locked()
    run.place.restore(file)


def _rename(run: Run, intervention: Intervention) -> None:
    """Rename the stack or program. A search in no state counts as another search from then on."""
    ids = run.ids()
    if any(task["task_id"] not in ids for task in run.tasks()):
        run.asked.life += 1
    rename = run.place.rename_stack if intervention == "stack renamed" else run.place.rename_program
    rename()


def _end_searches(run: Run) -> None:
    """Let the searches that have heard speech end; later ones need as much speech as before."""
    run.control.set_transitions(**ENOUGH_SPEECH)
    run.control.tasks()  # the sandbox evaluates its clock at a call
    run.control.set_transitions(**{name: run.plan.transitions[name] for name in ENOUGH_SPEECH})


def _rename_resources(run: Run, intervention: Intervention) -> None:
    """Rename the resources. Without an alias it is another search, which must be refused while the old one runs."""
    for name, search in list(run.searches.items()):
        new = f"{name}{NEW}"
        run.searches[name] = Search(
            stream_arn=search.stream_arn,
            pipeline=search.pipeline if intervention == "task renamed" else new,
            task=new,
            aliases=(search.task,) if intervention == "resource renamed with alias" else (),
            tone=search.tone,
        )


def _delete_tasks(run: Run) -> None:
    """Delete one running task from state."""
    alive = alive_ids(run.control)
    for id_, urn in run.place.state().urns.items():
        if TASK_URN.search(urn) and id_ in alive:
            run.place.delete_from_state(urn)
            return


def _move(run: Run) -> None:
    """Move the first search whose pipeline and tasks are in state to another stack, which declares it from then on."""
    urns = run.place.state().urns.values()
    for name, search in run.searches.items():
        own = [urn for urn in urns if urn.rsplit("::", 1)[-1] == name]
        if len(own) == len(("pipeline", *search.kinds)):
            run.place.move(own, OTHER_STACK)
            run.moved[name] = replace(search)
            del run.searches[name]
            return


def _run_what_stayed(run: Run, declared: dict[str, Search], intervention: Intervention) -> None:
    """Run `up` in the new stack of a moved search, then with the old declaration, undisturbed.

    The old declaration must not touch the tasks of the new stack. It is removed afterwards.
    """
    if (
        intervention == "resource moved"
        or run.searches == declared
        or run.command("up", stack=OTHER_STACK).code
    ):
        return
    held = run.place.state(OTHER_STACK)
    listening = held.task_ids & alive_ids(run.control)
    if not listening:
        return  # the ledger is updated for running tasks only
    left, run.searches = run.searches, declared
    calls = run.control.calls()
    run.command("up")
    run.searches = left
    begin = calls[-1]["number"] if calls else 0
    stopped = {call["resource"] for name in STOPS for call in run.control.calls(name, after=begin)}
    taken = run.place.state().ids & alive_ids(run.control)
    run.answers.troubles += [
        f"{id_} of the other stack was stopped or adopted by the old declaration"
        for id_ in sorted(held.ids & (stopped | taken))
    ]


def _tag_pipelines(run: Run, intervention: Intervention) -> None:
    media = run.account.world.media
    in_state = run.place.state().ids
    for pipeline in run.control.pipelines():
        if pipeline["pipeline_id"] not in in_state:
            continue  # the ledger is its only trace: see docs/reliability.md for what is guaranteed then
        arn = pipeline["pipeline_arn"]
        own = [key for key in pipeline["tags"] if key.startswith(LEDGER)]
        with suppress(media.exceptions.NotFoundException):  # AWS may not find yet what it has just accepted
            if intervention == "cost tag changed in AWS":
                media.tag_resource(ResourceARN=arn, Tags=[{"Key": "cost-centre", "Value": "changed"}])
            elif own:
                media.untag_resource(ResourceARN=arn, TagKeys=own)
