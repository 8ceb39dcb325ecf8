"""The base of a pack's policies: metadata, settings, and what happens when a rule fails."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import PurePath
from typing import Any, Final

from pulumi_policy import (
    EnforcementLevel,
    Policy,
    PolicyComplianceFramework,
    PolicyConfigSchema,
    ReportViolation,
    ResourceValidationArgs,
)

from .pack_run import PackRun
from .rule import Rule, Settings

REMEDY_LABEL: Final = "How to fix it:"
"""Starts the last line of a refusal. Programs that read policy events cut it off."""


class PackPolicy(Policy):
    """One policy of a pack. Subclasses add the SDK's classes for the phases in which they run.

    Those two classes differ only in the arguments of `validate`, so that `Policy.__init__` alone is called.
    """

    def __init__(self, rule: Rule, run: PackRun, today: date, level: EnforcementLevel) -> None:
        name, version, reference, specification = rule.framework
        Policy.__init__(
            self,
            name=rule.name,
            description=rule.description,
            enforcement_level=level,
            config_schema=PolicyConfigSchema(properties=dict(rule.settings)) if rule.settings else None,
            display_name=rule.name.replace("-", " ").capitalize(),
            severity=rule.severity,
            framework=PolicyComplianceFramework(name, version, reference, specification),
            tags=list(rule.tags),
            remediation_steps=rule.remediation_steps,
            url=f"docs/policies/{rule.name}.md",
        )
        self.rule = rule
        self._run = run
        self._today = today

    def has_validation(self) -> bool:
        """Return True: every policy of a pack validates."""
        return True

    def has_remediation(self) -> bool:
        """Return False: a remediation that invents a tag would be a forgery."""
        return False

    def validate(self, args: Any, report_violation: ReportViolation) -> None:
        """Check one resource or the whole stack. The SDK calls it for each resource, and once for the stack.

        An exception of a rule becomes a refusal, so that it neither ends the run nor hides other rules.
        """
        applies = True
        try:
            settings = self._settings(args.get_config())
            if isinstance(args, ResourceValidationArgs):
                applies = self.check_resource(args, settings, report_violation)
            else:
                self.check_stack(args.resources, settings, report_violation)
        except Exception as error:  # noqa: BLE001 - whatever fails in a rule has to refuse
            report_violation(describe_failure(self.rule.name, error), None)
        if not applies:
            args.not_applicable("This rule does not check resources of this type.")

    def check_resource(
        self, args: ResourceValidationArgs, settings: Settings, report: ReportViolation
    ) -> bool:
        """Check one resource by its inputs. Return whether the rule applies to it."""
        raise NotImplementedError

    def check_stack(self, resources: Sequence[Any], settings: Settings, report: ReportViolation) -> None:
        """Check all resources of the stack by their outputs."""
        raise NotImplementedError

    def with_remedy(self, finding: str) -> str:
        """Return the message of a refusal: the finding, how to fix it, and the page of the rule."""
        return f"{finding}\n{REMEDY_LABEL} {self.rule.remediation_steps} ({self.url})"

    def _settings(self, given: Mapping[str, Any]) -> Settings:
        unknown = sorted(set(given) - set(self.rule.settings))
        if unknown:
            raise UnknownSettingError(", ".join(unknown))
        return {**{name: schema["default"] for name, schema in self.rule.settings.items()}, **given}


class UnknownSettingError(Exception):
    """The config has a setting that the rule's schema does not have. The engine does not refuse those."""


def describe_failure(rule: str, error: Exception) -> str:
    """Return the refusal of a rule that failed: the kind of error and its place, but no value of a resource."""
    if isinstance(error, UnknownSettingError):
        return (
            f"{rule} has no setting named {error}, and has checked nothing. Correct the name in the file given with"
            " --policy-pack-config."
        )
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = (
        f"{PurePath(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"
        if trace
        else "an unknown place"
    )
    return (
        f"{rule} could not be evaluated: {type(error).__name__} at {place}. A rule that fails refuses the resource."
        " This is a fault of the pack: report it with the type of the resource."
    )
