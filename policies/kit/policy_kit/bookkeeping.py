"""The policies that support the rules of a pack: exemptions, exempted refusals, deferred checks.

They run for every resource and for the stack, in the order of `pack.policies`: `ExemptionsPolicy` before the rules,
the other two after them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from pulumi_policy import (
    EnforcementLevel,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationPolicy,
)

from .exemptions import ExemptionList
from .pack_policy import PackPolicy
from .pack_run import NoteKey, PackRun
from .rule import Rule, Settings


class ExemptionsPolicy(PackPolicy, ResourceValidationPolicy, StackValidationPolicy):
    """`PACK-exemptions`: read the exemptions for the rules, and refuse entries without effect."""

    def __init__(self, rule: Rule, run: PackRun, today: date, exemptable: Collection[str]) -> None:
        super().__init__(rule, run, today, EnforcementLevel.MANDATORY)
        self._exemptable = exemptable
        self._report_on_stack: ReportViolation | None = None

    def check_resource(
        self, args: ResourceValidationArgs, settings: Settings, report: ReportViolation
    ) -> bool:
        """Read the exemptions before the rules check this resource."""
        self._run.types_seen |= {args.resource_type}
        self._run.exemptions = ExemptionList.from_settings(settings, self._exemptable, self._today)
        return False

    def check_stack(self, resources: Sequence[Any], settings: Settings, report: ReportViolation) -> None:
        """Refuse invalid entries. `refuse_unused` follows after the rules."""
        self._run.exemptions = ExemptionList.from_settings(settings, self._exemptable, self._today)
        self._report_on_stack = report
        for refusal in self._run.exemptions.refuse_invalid():
            report(self.with_remedy(refusal), None)

    def refuse_unused(self) -> None:
        """Refuse entries that no rule has used. Call it when the rules have checked the whole stack."""
        if self._report_on_stack is not None:
            for refusal in self._run.exemptions.refuse_unused(self._run.used_exemptions):
                self._report_on_stack(self.with_remedy(refusal), None)


class _NotesPolicy(PackPolicy, ResourceValidationPolicy, StackValidationPolicy):
    """An advisory policy that reports notes which the rules have left in the record of the run."""

    def __init__(self, rule: Rule, run: PackRun, today: date, notes: dict[NoteKey, str]) -> None:
        super().__init__(rule, run, today, EnforcementLevel.ADVISORY)
        self._notes = notes

    def check_resource(
        self, args: ResourceValidationArgs, settings: Settings, report: ReportViolation
    ) -> bool:
        """Report the notes about this resource."""
        return self._report_notes([key for key in self._notes if key[1] == args.urn], report)

    def check_stack(self, resources: Sequence[Any], settings: Settings, report: ReportViolation) -> None:
        """Report the notes that are left."""
        self._report_notes(list(self._notes), report)

    def _report_notes(self, keys: Sequence[NoteKey], report: ReportViolation) -> bool:
        """Report and forget these notes, each on its resource. Return whether there were any."""
        for key in keys:
            _rule, urn, _message = key
            report(self._notes.pop(key), urn or None)
        return bool(keys)


class ExemptedPolicy(_NotesPolicy):
    """`PACK-exempted`: report what exemptions and waivers suppress. Exemptions have an effect only while it runs."""

    def __init__(self, rule: Rule, run: PackRun, today: date, exemptions: ExemptionsPolicy) -> None:
        super().__init__(rule, run, today, run.exempted_notes)
        self._exemptions = exemptions

    def check_resource(
        self, args: ResourceValidationArgs, settings: Settings, report: ReportViolation
    ) -> bool:
        """Enable exemptions, and report the notes about this resource. The first resource of a run is the stack."""
        self._run.exempted_policy_enabled = True
        return super().check_resource(args, settings, report)

    def check_stack(self, resources: Sequence[Any], settings: Settings, report: ReportViolation) -> None:
        """Report the notes that are left, then the exemptions that no rule has used."""
        super().check_stack(resources, settings, report)
        self._exemptions.refuse_unused()


class DeferredPolicy(_NotesPolicy):
    """`PACK-undecided`: report checks that are deferred to the update."""

    def __init__(self, rule: Rule, run: PackRun, today: date) -> None:
        super().__init__(rule, run, today, run.deferred_notes)
