"""Describe a finding of a sweep in one sentence: which resource, in which status, and what may be running."""

from __future__ import annotations

from pulumi_speaker_search.lifecycle.orphans import Finding, Kind
from pulumi_speaker_search.lifecycle.task_kinds import SPEAKER_SEARCH


def describe(finding: Finding, stack: str) -> str:
    """Return the sentence. `stack` is the stack that was swept."""
    declared_by = f" It was declared as {finding.urn}." if finding.urn else ""
    return f"{_sentence(finding, stack)}{declared_by}"


def _sentence(finding: Finding, stack: str) -> str:
    kind = finding.entry.kind if finding.entry else SPEAKER_SEARCH
    task = f"{kind.noun.capitalize()} {finding.id} (pipeline {finding.pipeline_id}, {finding.region})"
    pipeline = f"Media insights pipeline {finding.pipeline_id} ({finding.region})"
    on_pipeline = f" on pipeline {finding.pipeline_id}" if finding.pipeline_id else ""
    status = f"is {finding.status}" if finding.status else "is running"
    not_in_state = f"is not in the state of stack {stack}"
    sentences = {
        Kind.TASK: f"{task} {status} but {not_in_state}.",
        Kind.UNSEEN: f"{task} {not_in_state} and may be running: its status is not known ({finding.status}).",
        Kind.PIPELINE: f"{pipeline} {status} but {not_in_state}.",
        Kind.INTENT: f"{pipeline} has a ledger entry of a start without a task id: the start was interrupted or is "
        "still in progress, and a task may be running.",
        Kind.UNREADABLE: f"{pipeline} has a ledger entry that this release can't read ({finding.tag_key}): a task "
        "may be running.",
        Kind.UNTRACKED: f"A create without a ledger was interrupted: something may be running{on_pipeline} "
        f"({finding.region}).",
        Kind.STALE_ENTRY: _left_over(finding, task, pipeline),
        Kind.IDLE: f"{pipeline} {status} without a search, and counts toward the quota.",
        Kind.DONE: f"{pipeline} {status} although its searches have ended, and counts toward the quota.",
    }
    return sentences[finding.kind]


def _left_over(finding: Finding, task: str, pipeline: str) -> str:
    if finding.id is None:
        return f"{pipeline} has a ledger entry of a start whose task is in state. It is harmless."
    return f"{task} has ended ({finding.status}); its ledger entry is still there. It is harmless."
