"""Withdraw the consent of one record: survey AWS, mark and end what is left, survey AWS again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pulumi_speaker_search.lifecycle.ledger_carriers import each
from pulumi_speaker_search.lifecycle.withdrawal.ending import end_all
from pulumi_speaker_search.lifecycle.withdrawal.parts import Holdings, Inquiry, Step, together
from pulumi_speaker_search.lifecycle.withdrawal.survey import survey

from ..pulumi_backend import OperatedStack
from ..stack_aws import StackAws
from .evidence_file import EvidenceFile


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawal:
    """What a withdrawal found, did and left.

    Attributes:
        found: What the first survey found.
        steps: What was done.
        left: What the last survey found; the same as `found` if nothing was done.
        found_before: Whether the evidence shows that an earlier run has found something.
        last_hash: Hash of the last entry of the evidence; None if there is no evidence.
    """

    record_ref: str
    regions: tuple[str, ...]
    found: Holdings
    left: Holdings
    steps: tuple[Step, ...] = ()
    found_before: bool = False
    last_hash: str | None = None

    @property
    def is_of_nothing(self) -> bool:
        """Return whether nothing is or was under the record, as far as AWS, state and evidence tell."""
        return not (self.found_before or any(one.parts or one.unread for one in (self.found, self.left)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Where a record is withdrawn."""

    record_ref: str
    stack: OperatedStack
    aws: StackAws
    regions: Sequence[str]

    def survey(self, profiles: dict[str, str] | None = None) -> Holdings:
        """Ask AWS in every region. `profiles`: id → region of profiles to read again."""

        def in_region(region: str) -> Holdings:
            inquiry = Inquiry(
                record_ref=self.record_ref,
                region=region,
                record=self.stack.record,
                profile_ids=tuple(id_ for id_, where in (profiles or {}).items() if where == region),
            )
            return survey(self.aws.in_region(region), inquiry)

        return together(each(in_region, self.regions))


def plan(scope: Scope) -> Withdrawal:
    """Return what is under the record, and change nothing."""
    found = scope.survey()
    return Withdrawal(record_ref=scope.record_ref, regions=tuple(scope.regions), found=found, left=found)


def withdraw_consent(scope: Scope, found: Holdings, evidence: EvidenceFile) -> Withdrawal:
    """Mark and end what was found, and read everything from AWS again."""
    profiles, found_before = evidence.unfinished_profiles, evidence.found_before
    record = scope.stack.record
    evidence.begin(stack=record.stack, project=record.project, regions=list(scope.regions), found=found)
    steps = end_all(scope.aws.in_region, found.left, scope.record_ref, evidence)
    left = scope.survey(profiles)
    evidence.verify(left)
    return Withdrawal(
        record_ref=scope.record_ref,
        regions=tuple(scope.regions),
        found=found,
        steps=steps,
        found_before=found_before,
        left=left,
        last_hash=evidence.chain.last_hash,
    )
