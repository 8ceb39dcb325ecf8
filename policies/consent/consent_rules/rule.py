"""From a rule to a policy of the SDK: the only place that knows the SDK, and the only one that remembers
anything.

A rule is a value with pure functions. What surrounds them stands here once: settings with their defaults, a
crash that becomes this rule's own refusal, exemptions, and the advisories about what was exempted or could
not be judged yet.

Two things the SDK has no room for need a memory (`_Session`, one per pack and process): a policy only gets
its own settings, while exemptions are written once for all; and a policy has one level, while an exempted
refusal has to be an advisory. So `<pack>-exemptions` is asked before the rules and keeps its list, and
`<pack>-exempted`, an advisory policy, tells what the rules left aside. Where that policy is switched off,
exemptions do not count.

This file is the same in every pack of this repository (each pack has to stand alone); a test compares the
copies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePath
from typing import Any

from pulumi_policy import (
    EnforcementLevel,
    Policy,
    PolicyComplianceFramework,
    PolicyConfigSchema,
    ReportViolation,
    ResourceValidationArgs,
    ResourceValidationPolicy,
    Severity,
    StackValidationPolicy,
)

from . import exemptions
from .resource_view import Resource, seen

Settings = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class NotYet:
    """A finding that is none:

    a rule that can't judge before the update, and will then, before anything is made.
    """

    message: str


Finding = str | NotYet
ResourceJudge = Callable[[Resource, Settings, date], Iterable[Finding]]
StackJudge = Callable[[Sequence[Resource], Settings, date], Iterable[tuple[str, Finding]]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule, as a value.

    Attributes:
        name: Its id, and the name of its page in `docs/policies/`.
        description: What it refuses, in one sentence.
        framework: Name, version, reference and specification of what asks for it.
        settings: JSON Schema of each setting, with its default.
        excuses: Settings by which something is let stand by name → what they are without that. What only these
            let stand is told as set aside, not as passed.
        looks_at: Whether a type (and its settings) concerns the rule at all; keeps the others cheap.
        judge_inputs: Given one resource, says what is wrong with it.
        judge_stack: Given all resources with their outputs, yields (URN, what is wrong); an empty URN is the
            stack.
        judge_outputs: Judges each resource's outputs with `judge_inputs` too, where it found nothing in the
            inputs.
    """

    name: str
    description: str
    severity: Severity
    framework: tuple[str, str, str, str]
    remediation_steps: str
    tags: tuple[str, ...]
    settings: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    excuses: Mapping[str, Any] = field(default_factory=dict)
    looks_at: Callable[[str, Settings], bool] = lambda _type, _settings: True
    judge_inputs: ResourceJudge | None = None
    judge_stack: StackJudge | None = None
    judge_outputs: ResourceJudge | None = None


class _Session:
    """What one run of one pack has to remember; see the module's text."""

    def __init__(self) -> None:
        self.exemptions: tuple[exemptions.Exemption, ...] = ()
        self.exempted_are_shown = False
        self.used: set[exemptions.Exemption] = set()
        self.left_aside: dict[tuple[str, str, str], str] = {}
        self.not_yet: dict[tuple[str, str, str], str] = {}
        self.refused: set[tuple[str, str]] = set()
        self.told: set[tuple[str, str, str]] = set()
        self.noted: set[tuple[str, str, str]] = set()
        self.types: frozenset[str] = frozenset()
        self.at_the_end: Callable[[], None] = lambda: None

    def exemption(self, rule: str, urn: str, name: str) -> exemptions.Exemption | None:
        if not self.exempted_are_shown:
            return None
        return next((one for one in self.exemptions if one.covers(rule, urn, name)), None)


class _PackPolicy(Policy):
    """What all policies of a pack do; which phase asks them is said by the classes below.

    The SDK's two classes only differ in the arguments that `validate` gets, so `Policy.__init__` is called
    alone.
    """

    def __init__(self, rule: Rule, session: _Session, today: date, level: EnforcementLevel) -> None:
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
        self._session = session
        self._today = today

    def has_validation(self) -> bool:
        return True

    def has_remediation(self) -> bool:
        """Never: a remediation that makes up a tag would be a forgery."""
        return False

    def validate(self, args: Any, report_violation: ReportViolation) -> None:
        """Called by the SDK, once per resource and once per stack.

        No fault of a rule escapes (see `crash`); what does is the SDK's own sign for "not applicable".
        """
        applies = True
        try:
            settings = self._settings(args.get_config())
            if isinstance(args, ResourceValidationArgs):
                applies = self._resource(args, settings, report_violation)
            else:
                self._stack(args.resources, settings, report_violation)
        except Exception as error:  # noqa: BLE001 - whatever it is, it must not end the run and hide the other rules
            report_violation(crash(self.rule.name, error), None)
        if not applies:
            args.not_applicable("not what this rule looks at")

    def _settings(self, given: Mapping[str, Any]) -> Settings:
        unknown = sorted(set(given) - set(self.rule.settings))
        if unknown:
            raise UnknownSettingError(", ".join(unknown))
        return {**{name: schema["default"] for name, schema in self.rule.settings.items()}, **given}

    def _resource(self, args: ResourceValidationArgs, settings: Settings, report: ReportViolation) -> bool:
        """Whether the rule applies to the resource; if it does, it was judged."""
        judge = self.rule.judge_inputs
        if judge is None or not self.rule.looks_at(args.resource_type, settings):
            return False
        resource = seen(args, self._session.types)
        found = list(judge(resource, settings, self._today))
        for finding in found:
            self._tell(resource.urn, resource.name, finding, report)
        for excusing, strict in self._without_excuses(settings):
            for finding in judge(resource, strict, self._today):
                self._set_aside(resource.urn, finding, excusing, unless=finding in found)
        return True

    def _without_excuses(self, settings: Settings) -> Iterator[tuple[str, Settings]]:
        """The settings as they are without what they excuse by name; nothing where they excuse nothing."""
        excusing = [name for name, without in self.rule.excuses.items() if settings[name] != without]
        if excusing:
            yield ",".join(excusing), {**settings, **self.rule.excuses}

    def _set_aside(self, urn: str, finding: Finding, excusing: str, *, unless: bool) -> None:
        if not unless and isinstance(finding, str):
            rule = self.rule.name
            self._session.noted.add((rule, urn, finding))
            self._session.left_aside[(rule, urn, finding)] = f"set-aside rule={rule} by={excusing}\n{finding}"

    def _stack(self, resources: Sequence[Any], settings: Settings, report: ReportViolation) -> None:
        judge, judge_outputs = self.rule.judge_stack, self.rule.judge_outputs
        if judge is None and judge_outputs is None:
            return
        types = frozenset(one.resource_type for one in resources)
        views = [seen(one, types) for one in resources if self.rule.looks_at(one.resource_type, settings)]
        names = {view.urn: view.name for view in views}
        found = list(judge(views, settings, self._today)) if judge else []
        for excusing, strict in self._without_excuses(settings):
            for urn, finding in judge(views, strict, self._today) if judge else ():
                noted = (self.rule.name, urn, str(finding)) in self._session.noted
                self._set_aside(urn, finding, excusing, unless=noted or (urn, finding) in found)
        for urn, finding in found:
            if (self.rule.name, urn, str(finding)) not in self._session.told:
                self._tell(urn, names.get(urn, ""), finding, report)
        for view in views if judge_outputs else ():
            already = (self.rule.name, view.urn) in self._session.refused
            for finding in (
                judge_outputs(view, settings, self._today) if judge_outputs and not already else ()
            ):
                self._tell(view.urn, view.name, finding, report)

    def _tell(self, urn: str, name: str, finding: Finding, report: ReportViolation) -> None:
        session, rule = self._session, self.rule.name
        if isinstance(finding, NotYet):
            session.not_yet[(rule, urn, finding.message)] = f"undecided rule={rule}\n{finding.message}"
            return
        session.refused.add((rule, urn))
        session.told.add((rule, urn, finding))
        exemption = session.exemption(rule, urn, name)
        if exemption is None:
            report(f"{finding}\nHow to mend it: {self.rule.remediation_steps} ({self.url})", urn or None)
            return
        session.used.add(exemption)
        session.left_aside[(rule, urn, finding)] = exemption.note(finding)


class UnknownSettingError(Exception):
    """A setting that the schema does not have; the engine lets those pass."""


def crash(rule: str, error: Exception) -> str:
    """What is said when a rule breaks: what broke and where, and no value that it was looking at."""
    if isinstance(error, UnknownSettingError):
        return f"{rule} has no setting of that name: {error}. Nothing was judged; correct the pack's config."
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = (
        f"{PurePath(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"
        if trace
        else "an unknown place"
    )
    return (
        f"{rule} could not be judged: {type(error).__name__} at {place}. A rule that breaks refuses."
        " Report it with the resource's type; it is a fault of the pack."
    )


class _InputsPolicy(_PackPolicy, ResourceValidationPolicy):
    """Asked of every resource with its inputs."""


class _StackPolicy(_PackPolicy, StackValidationPolicy):
    """Asked of the stack with its outputs."""


class _BothPolicy(_PackPolicy, ResourceValidationPolicy, StackValidationPolicy):
    """Asked in both phases under one name, and so with one set of settings."""


def _policy(rule: Rule, session: _Session, today: date) -> _PackPolicy:
    looks_at_outputs = rule.judge_stack is not None or rule.judge_outputs is not None
    kind = _InputsPolicy if not looks_at_outputs else _BothPolicy if rule.judge_inputs else _StackPolicy
    return kind(rule, session, today, EnforcementLevel.MANDATORY)


class _ExemptionsPolicy(_BothPolicy):
    """`<pack>-exemptions`: hands the list to the rules, and refuses entries that don't count."""

    def __init__(self, rule: Rule, session: _Session, today: date, rules: frozenset[str]) -> None:
        super().__init__(rule, session, today, EnforcementLevel.MANDATORY)
        self._rules = rules

    def _resource(self, args: ResourceValidationArgs, settings: Settings, report: ReportViolation) -> bool:
        self._session.types |= {args.resource_type}
        self._session.exemptions = exemptions.in_force(
            settings["exemptions"], self._rules, settings, self._today
        )
        return False

    def _stack(self, resources: Sequence[Any], settings: Settings, report: ReportViolation) -> None:
        self._refuse(settings, None, report)
        # Which ones are unused is known once the rules that come after this one have looked at the outputs.
        self._session.at_the_end = lambda: self._refuse(settings, self._session.used, report)

    def _refuse(
        self, settings: Settings, used: set[exemptions.Exemption] | None, report: ReportViolation
    ) -> None:
        for refusal in exemptions.refusals(settings, self._rules, used, self._today):
            report(f"{refusal}\nHow to mend it: {self.rule.remediation_steps} ({self.url})", None)


class _NotesPolicy(_BothPolicy):
    """An advisory policy that tells, after all others, what they left aside or could not judge yet."""

    def __init__(
        self, rule: Rule, session: _Session, today: date, notes: dict[tuple[str, str, str], str]
    ) -> None:
        super().__init__(rule, session, today, EnforcementLevel.ADVISORY)
        self._notes = notes

    def _resource(self, args: ResourceValidationArgs, settings: Settings, report: ReportViolation) -> bool:
        if self._notes is self._session.left_aside:
            self._session.exempted_are_shown = True
        mine = [key for key in self._notes if key[1] == args.urn]
        self._report(mine, report)
        return bool(mine)

    def _stack(self, resources: Sequence[Any], settings: Settings, report: ReportViolation) -> None:
        self._report(list(self._notes), report)
        if self._notes is self._session.left_aside:
            self._session.at_the_end()

    def _report(self, keys: list[tuple[str, str, str]], report: ReportViolation) -> None:
        for key in keys:
            report(self._notes.pop(key), key[1] or None)


def policies(
    rules: Sequence[Rule],
    exemptions_rule: Rule,
    exempted_rule: Rule,
    undecided_rule: Rule | None,
    today: date,
) -> list[Policy]:
    """The policies of a pack, in the order in which they must be asked. `today` is the date in UTC.

    A pack whose rules never answer `NotYet` has no `undecided_rule`.
    """
    session = _Session()
    last = [(exempted_rule, session.left_aside)]
    if undecided_rule is not None:
        last.append((undecided_rule, session.not_yet))
    names = [rule.name for rule in (*rules, exemptions_rule, *(note for note, _ in last))]
    if len(set(names)) != len(names):
        raise ValueError(
            f"two rules share a name: {sorted({name for name in names if names.count(name) > 1})}"
        )
    return [
        _ExemptionsPolicy(exemptions_rule, session, today, frozenset(rule.name for rule in rules)),
        *(_policy(rule, session, today) for rule in rules),
        *(_NotesPolicy(note, session, today, notes) for note, notes in last),
    ]
