"""Write a withdrawal and the check of its evidence, as lines for people and as JSON for programs."""

from __future__ import annotations

from typing import Any, Final

from pulumi_speaker_search.lifecycle.orphans import Unread
from pulumi_speaker_search.lifecycle.withdrawal.parts import Action, Holdings, Part, Step
from rich.console import Console

from ..pulumi_backend import OperatedStack
from ..sweep_report import WARNING, print_unread, unread_as_json
from ..terminal import print_line
from .withdrawing import Withdrawal

HEADINGS: Final = {
    Action.MARK: "Mark the consent as withdrawn",
    Action.DELETE_PIPELINE: "Delete the pipeline, and with it every task on it",
    Action.STOP: "Stop",
    Action.DELETE_PROFILE: "Delete (AWS can't restore it)",
}
DONE: Final = {
    Action.MARK: "marked",
    Action.DELETE_PIPELINE: "deleted",
    Action.STOP: "stopped",
    Action.DELETE_PROFILE: "deleted",
}


def as_json(stack: OperatedStack, done: Withdrawal, *, dry_run: bool, evidence: str | None) -> dict[str, Any]:
    """Return the withdrawal as docs/schemas/withdraw.schema.json describes it."""
    return {
        "stack": stack.record.stack,
        "project": stack.record.project,
        "record_ref": done.record_ref,
        "regions": list(done.regions),
        "dry_run": dry_run,
        "found": [part_as_json(part) for part in done.found.parts],
        "steps": [_step_as_json(step) for step in done.steps],
        "left": [part_as_json(part) for part in done.left.left],
        "unread": [unread_as_json(unread) for unread in done.left.unread],
        "nothing_left": done.left.is_ended,
        "evidence": evidence,
        "last_hash": done.last_hash,
    }


def part_as_json(part: Part) -> dict[str, Any]:
    """Return one resource under the record."""
    return {
        "action": part.action.value,
        "type": part.noun,
        "id": part.id,
        "name": part.name,
        "pipeline_id": part.pipeline_id,
        "region": part.region,
        "observed": part.observed,
        "left": part.is_left,
        "reason": part.reason,
    }


def _step_as_json(step: Step) -> dict[str, Any]:
    return {
        **part_as_json(step.part),
        "observed": step.observed,
        "left": not step.is_done,
        "reason": step.text or step.part.reason,
        "aws_code": step.aws_code,
        "request_ids": [request.request_id for request in step.requests if request.request_id],
    }


def print_plan(out: Console, found: Holdings) -> None:
    """Print what a withdrawal would do."""
    for action, heading in HEADINGS.items():
        parts = [part for part in found.left if part.action is action]
        if parts:
            print_line(out, f"{heading}:")
        for part in parts:
            print_line(out, f"  {describe(part)}: {part.observed}")
            if part.reason:
                print_line(out, f"    because {part.reason}")
    print_not_read(out, found.unread)
    ended = len(found.parts) - len(found.left)
    if ended:
        print_line(out, f"Already marked, ended or deleted: {ended}")


def describe(part: Part) -> str:
    """Return the resource in words. An ARN is shown as the id or name in it; JSON and evidence have all of it."""
    name = f" {part.name}" if part.name else ""
    _, _, resource = part.id.rpartition(":")
    id_ = resource.split("/")[1] if "/" in resource else resource
    return f"{part.noun}{name} {id_} ({part.region})"


def print_steps(out: Console, steps: tuple[Step, ...]) -> None:
    """Print what became of each resource."""
    for step in steps:
        if step.is_done:
            print_line(out, f"{DONE[step.part.action].capitalize()}: {describe(step.part)}: {step.observed}")
        else:
            code = f" [AWS {step.aws_code}]" if step.aws_code else ""
            print_line(
                out, f"NOT {DONE[step.part.action]}: {describe(step.part)}: {step.text}{code}", WARNING
            )


def print_not_read(out: Console, unread: tuple[Unread, ...]) -> None:
    """Print what could not be read."""
    for one in unread:
        print_unread(out, one)


def print_outcome(out: Console, left: Holdings, record_ref: str) -> None:
    """Print whether the last survey found anything left."""
    if left.is_ended:
        print_line(out, f"AWS was asked again: nothing is left under consent record {record_ref}.")
        print_line(
            out,
            "Run `pulumi refresh` before a new consent record is declared: without it, the mark stays in AWS and "
            "refuses that record too.",
        )
        return
    for part in left.left:
        print_line(out, f"LEFT: {describe(part)}: {part.observed}", WARNING)
    print_not_read(out, left.unread)
    also = ", and what could not be read" if left.unread else ""
    print_line(
        out,
        f"Left under consent record {record_ref}: {len(left.left)}{also}. Run this command again: it starts from what "
        "AWS shows, and continues the evidence file.",
        WARNING,
    )
