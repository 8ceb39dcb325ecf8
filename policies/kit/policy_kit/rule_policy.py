"""From a `Rule` to a mandatory policy of the SDK."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from pulumi_policy import (
    EnforcementLevel,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    StackValidationPolicy,
)

from .pack_policy import PackPolicy
from .pack_run import PackRun
from .resources import Resource
from .rule import Deferred, Finding, ResourceCheck, Rule, Settings, StackCheck


class RulePolicy(PackPolicy):
    """A policy that runs the checks of its rule."""

    def check_resource(
        self, args: ResourceValidationArgs, settings: Settings, report: ReportViolation
    ) -> bool:
        """Run `check_inputs`."""
        check = self.rule.check_inputs
        if check is None or not self.rule.applies_to(args.resource_type, settings):
            return False
        resource = Resource.from_args(args, self._run.types_seen)
        findings = list(check(resource, settings, self._today))
        for finding in findings:
            self._record(resource.urn, resource.name, finding, report)
        waivers = self._active_waivers(settings)
        if waivers:
            for finding in check(resource, {**settings, **self.rule.waivers}, self._today):
                if finding not in findings:
                    self._record_waived(resource.urn, finding, waivers)
        return True

    def check_stack(self, resources: Sequence[Any], settings: Settings, report: ReportViolation) -> None:
        """Run `check_stack`, then `check_outputs` for each resource."""
        rule = self.rule
        if rule.check_stack is None and rule.check_outputs is None:
            return
        types = frozenset(resource.resource_type for resource in resources)
        stack = [
            Resource.from_args(resource, types)
            for resource in resources
            if rule.applies_to(resource.resource_type, settings)
        ]
        if rule.check_stack is not None:
            self._check_whole_stack(rule.check_stack, stack, settings, report)
        if rule.check_outputs is not None:
            self._check_each_output(rule.check_outputs, stack, settings, report)

    def _check_whole_stack(
        self, check: StackCheck, stack: Sequence[Resource], settings: Settings, report: ReportViolation
    ) -> None:
        names = {resource.urn: resource.name for resource in stack}
        findings = list(check(stack, settings, self._today))
        waivers = self._active_waivers(settings)
        if waivers:
            for urn, finding in check(stack, {**settings, **self.rule.waivers}, self._today):
                known = (self.rule.name, urn, str(finding)) in self._run.waived or (urn, finding) in findings
                if not known:
                    self._record_waived(urn, finding, waivers)
        for urn, finding in findings:
            if finding not in self._run.reported[self.rule.name, urn]:
                self._record(urn, names.get(urn, ""), finding, report)

    def _check_each_output(
        self, check: ResourceCheck, stack: Sequence[Resource], settings: Settings, report: ReportViolation
    ) -> None:
        for resource in stack:
            if self._run.reported[self.rule.name, resource.urn]:
                continue
            for finding in check(resource, settings, self._today):
                self._record(resource.urn, resource.name, finding, report)

    def _active_waivers(self, settings: Settings) -> list[str]:
        """Return the names of the settings that permit something."""
        return [name for name, strict in self.rule.waivers.items() if settings[name] != strict]

    def _record(self, urn: str, name: str, finding: Finding, report: ReportViolation) -> None:
        """Report a finding, or note it for the advisory policies if it is deferred or exempted."""
        run, rule = self._run, self.rule.name
        if isinstance(finding, Deferred):
            run.deferred_notes[rule, urn, finding.message] = f"undecided rule={rule}\n{finding.message}"
            return
        run.reported[rule, urn].add(finding)
        exemption = run.exemption_for(rule, urn, name)
        if exemption is None:
            report(self.with_remedy(finding), urn or None)
            return
        run.used_exemptions.add(exemption)
        run.exempted_notes[rule, urn, finding] = exemption.advisory(finding)

    def _record_waived(self, urn: str, finding: Finding, waivers: Sequence[str]) -> None:
        if isinstance(finding, str):
            rule = self.rule.name
            self._run.waived.add((rule, urn, finding))
            note = f"set-aside rule={rule} by={','.join(waivers)}\n{finding}"
            self._run.exempted_notes[rule, urn, finding] = note


class _InputsPolicy(RulePolicy, ResourceValidationPolicy):
    """Runs for every resource, with its inputs."""


class _StackPolicy(RulePolicy, StackValidationPolicy):
    """Runs for the stack, with its outputs."""


class _InputsAndStackPolicy(RulePolicy, ResourceValidationPolicy, StackValidationPolicy):
    """Runs in both phases, under one name and with one set of settings."""


def rule_policy(rule: Rule, run: PackRun, today: date) -> RulePolicy:
    """Return the policy of a rule, for the phases in which the rule has checks."""
    if rule.check_stack is None and rule.check_outputs is None:
        return _InputsPolicy(rule, run, today, EnforcementLevel.MANDATORY)
    if rule.check_inputs is None:
        return _StackPolicy(rule, run, today, EnforcementLevel.MANDATORY)
    return _InputsAndStackPolicy(rule, run, today, EnforcementLevel.MANDATORY)
