"""What people do between two commands: to the stack, to its state, to names in the program, and in AWS."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from reliability.declaration import Search
from reliability.draw import STOPS
from reliability.plan import WITHDRAWN_IN_AWS, Deed
from reliability.questions import alive_ids

if TYPE_CHECKING:
    from reliability.run import Run

OTHER_STACK: Final = "other"
LEDGER: Final = "speaker-search:"
KEPT_SECONDS: Final = 0.2
NEW: Final = "-new"
"""What a renamed resource's name ends with."""
ENOUGH_SPEECH: Final = {"identification_speech_seconds": 0.2, "voiceprint_speech_seconds": 0.5}


def do(run: Run, deed: Deed) -> None:
    """Do it, as far as the run's stack allows: what has nothing to work on does nothing."""
    match deed:
        case "state restored":
            _restore_state(run)
        case "stack renamed" | "program renamed":
            _rename(run, deed)
        case "resource renamed" | "resource renamed with alias" | "task renamed":
            _rename_resources(run, deed)
        case "task deleted from state" | "task deleted from state, stack renamed":
            _delete_tasks(run)
            if "stack renamed" in deed:
                _rename(run, "stack renamed")
        case "resource moved" | "search moved, old declaration stays":
            declared = dict(run.searches)
            _move(run)
            _run_what_stayed(run, declared, deed)
        case "ledger tags taken off" | "cost tag changed in AWS":
            _tag_pipelines(run, deed)
        case "searches end":
            _end_searches(run)
        case "results vanish":
            run.control.set_transitions(results_kept_seconds=KEPT_SECONDS)
        case "nobody speaks":
            for stream_arn in run.account.streams.values():
                run.control.set_media(stream_arn, False)
        case _ if deed in WITHDRAWN_IN_AWS:
            run.withdrawals.write(deed)
    run.note_let_go()


def _restore_state(run: Run) -> None:
    """An export, an `up` with new `triggers` on a fine day, and the export imported again."""
    file = run.place.export()
    run.triggers += 1
    run.command("up")
    run.cancel_if_locked()
    run.place.restore(file)


def _rename(run: Run, deed: Deed) -> None:
    """State keeps the name under which a search was started. One that is in no state is another search from then on."""
    ids = run.ids()
    if any(task["task_id"] not in ids for task in run.control.tasks(ended=True)):
        run.asked.life += 1
    rename = run.place.rename_stack if deed == "stack renamed" else run.place.rename_program
    rename()


def _end_searches(run: Run) -> None:
    """Those that have heard something end by themselves; later ones take as much speech as before."""
    run.control.set_transitions(**ENOUGH_SPEECH)
    run.control.tasks()  # AWS looks at the clock only when it is asked
    run.control.set_transitions(**{name: run.plan.transitions[name] for name in ENOUGH_SPEECH})


def _rename_resources(run: Run, deed: Deed) -> None:
    """Without an alias it is another search, which has to be refused while the old one listens."""
    for name, search in list(run.searches.items()):
        new = f"{name}{NEW}"
        run.searches[name] = Search(
            stream_arn=search.stream_arn,
            pipeline=search.pipeline if deed == "task renamed" else new,
            task=new,
            aliases=(search.task,) if deed == "resource renamed with alias" else (),
        )


def _delete_tasks(run: Run) -> None:
    """A running one at most: whoever does that has one search in mind."""
    alive = alive_ids(run.control)
    for id_, urn in run.place.state().urns.items():
        if "SpeakerSearchTask" in urn and id_ in alive:
            run.place.delete_from_state(urn)
            return


def _move(run: Run) -> None:
    """The first search that is whole in state, to another stack, in whose program it stands from then on."""
    urns = run.place.state().urns.values()
    for name, search in run.searches.items():
        own = [urn for urn in urns if urn.rsplit("::", 1)[-1] == name]
        if len(own) == len(("pipeline", "task")):
            run.place.move(own, OTHER_STACK)
            run.moved[name] = replace(search)
            del run.searches[name]
            return


def _run_what_stayed(run: Run, declared: dict[str, Search], deed: Deed) -> None:
    """On a fine day the new stack of a moved search runs `up`, and then the declaration that stayed behind does.

    That one has to leave alone what runs in the new stack; somebody takes it out then.
    """
    if deed == "resource moved" or run.searches == declared or run.command("up", stack=OTHER_STACK).code:
        return
    held = run.place.state(OTHER_STACK)
    listening = held.task_ids & alive_ids(run.control)
    if not listening:
        return  # the ledger is brought up to date for what listens
    left, run.searches = run.searches, declared
    calls = run.control.calls()
    run.command("up")
    run.searches = left
    begin = calls[-1]["number"] if calls else 0
    told = {call["resource"] for name in STOPS for call in run.control.calls(name, after=begin)}
    taken = run.place.state().ids & alive_ids(run.control)
    run.answers.troubles += [
        f"{id_} of the other stack was ended or taken by the declaration that stayed behind"
        for id_ in sorted(held.ids & (told | taken))
    ]


def _tag_pipelines(run: Run, deed: Deed) -> None:
    media = run.account.world.media
    in_state = run.place.state().ids
    for pipeline in run.control.pipelines():
        if pipeline["pipeline_id"] not in in_state:
            continue  # the ledger is the only trace of it: what is promised then stands in docs/reliability.md
        arn = pipeline["pipeline_arn"]
        own = [key for key in pipeline["tags"] if key.startswith(LEDGER)]
        with suppress(media.exceptions.NotFoundException):  # AWS does not find what it has just accepted
            if deed == "cost tag changed in AWS":
                media.tag_resource(ResourceARN=arn, Tags=[{"Key": "cost-centre", "Value": "changed"}])
            elif own:
                media.untag_resource(ResourceARN=arn, TagKeys=own)
