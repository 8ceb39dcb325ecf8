"""Make a review: run engine and packs in parallel, and put their answers together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from pulumi_speaker_search.consent.vocabulary import PREFIX

from . import preview, provenance, stored_state
from .config_secrets import secret_fields
from .consent_timeline import timeline
from .engine_events import EngineRun
from .pack_description import described_pack
from .pack_folders import PackFolder
from .pulumi_cli import PulumiCli, ReviewError
from .redaction import redact_personal_data, redact_secrets
from .review_model import Judgement, Pack, Provenance, Review, ReviewedResource, SubjectKind
from .reviewed_resources import (
    from_deletions,
    from_preview,
    from_state,
    mark_consent_relevant,
    unreported,
)
from .searches import Entry, entry_of_state, entry_of_step, search_rows
from .untrusted_text import one_line
from .verdicts import judgements


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What to review.

    Attributes:
        folder: The folder of the Pulumi project; for a state file, the one in which the CLI runs.
        stack: Empty for a state file.
        tag_prefix: The prefix of the keys of consent tags.
    """

    kind: SubjectKind
    folder: Path
    packs: tuple[PackFolder, ...]
    stack: str = ""
    file: Path | None = None
    tag_prefix: str = PREFIX


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What the engine and the state say about the subject."""

    run: EngineRun
    resources: tuple[ReviewedResource, ...]
    state: stored_state.StateExport | None
    secret_fields: frozenset[str] = frozenset()


def make_review(subject: Subject, pulumi: PulumiCli, now: datetime) -> Review:
    """Run engine and packs, and put their answers together.

    Raises:
        ReviewError: There was nothing to judge, or the engine could not be run.
    """
    with ThreadPoolExecutor() as threads:
        described = [threads.submit(described_pack, pack) for pack in subject.packs]
        evidence = _collect(subject, pulumi)
        packs = tuple(future.result() for future in described)
    run = evidence.run
    packs = _add_packs_of_events(packs, run)
    lists_passed = subject.kind is SubjectKind.PREVIEW
    found = judgements(run, packs, lists_passed=lists_passed)
    reported_urns = [urn for _, urn in sorted(run.judged)] + [judgement.urn for judgement in found]
    resources = evidence.resources + unreported(evidence.resources, reported_urns)
    resources = mark_consent_relevant(resources, found, packs)
    raw_urns = [resource.urn for resource in resources]
    resources, found = redact_personal_data(resources, found, packs)
    resources = redact_secrets(resources, evidence.secret_fields)
    shown = dict(zip(raw_urns, resources, strict=True))
    return Review(
        provenance=_provenance(subject, pulumi, now, evidence),
        packs=packs,
        resources=resources,
        judgements=found,
        timeline=timeline(resources, now.date()),
        lists_passed=lists_passed,
        gaps=tuple(_incomplete_reasons(run, found, packs, lists_passed=lists_passed)),
        searches=search_rows(_entries(evidence, shown), now.date()),
    )


def _entries(evidence: _Evidence, shown: Mapping[str, ReviewedResource]) -> list[Entry]:
    """Return what the engine reported about each resource, with the resource as the review shows it."""
    run = evidence.run
    if run.resources:
        steps = {**run.removed, **run.resources}
        return [entry_of_step(step, urn, shown[urn]) for urn, step in steps.items() if urn in shown]
    stored_resources = evidence.state.resources if evidence.state else ()
    return [
        entry_of_state(resource, shown[resource["urn"]])
        for resource in stored_resources
        if resource.get("urn") in shown and not resource.get("delete")
    ]


def _collect(subject: Subject, pulumi: PulumiCli) -> _Evidence:
    hidden = secret_fields(pulumi, subject.folder, subject.stack) if subject.stack else frozenset[str]()
    if subject.kind is SubjectKind.PREVIEW:
        run = preview.run_preview(pulumi, subject.stack, subject.packs)
        return _Evidence(
            run,
            from_preview(run.resources, subject.tag_prefix) + from_deletions(run.removed, subject.tag_prefix),
            stored_state.exported(pulumi, subject.stack),
            hidden,
        )
    if subject.kind is SubjectKind.FILE and subject.file is not None:
        state = stored_state.from_file(subject.file)
    else:
        state = stored_state.exported(pulumi, subject.stack)
    run = stored_state.analyze(pulumi, state, subject.packs)
    return _Evidence(run, from_state(state.deployment, subject.tag_prefix), state, hidden)


def _add_packs_of_events(packs: tuple[Pack, ...], run: EngineRun) -> tuple[Pack, ...]:
    """Add the packs that only events name. The only pack without a description gets the only such name."""
    described = {pack.name for pack in packs}
    named = {name for name, _ in run.judged} | {finding.pack for finding in run.findings} | run.stack_judged
    undeclared = sorted(named - described)
    without_description = [pack for pack in packs if not pack.told]
    if len(without_description) == 1 and len(undeclared) == 1:
        name = one_line(undeclared[0])
        return tuple(pack if pack.told else replace(pack, name=name) for pack in packs)
    return packs + tuple(
        Pack(name=one_line(name), version="", source="", digest="", told=False) for name in undeclared
    )


def _incomplete_reasons(
    run: EngineRun, found: Sequence[Judgement], packs: Sequence[Pack], *, lists_passed: bool
) -> Iterator[str]:
    """Yield why the review is not complete."""
    if run.errors:
        yield (
            f"The preview reported {len(run.errors)} error(s) that do not come from a policy: resources after them "
            "may be missing. Run `pulumi preview` to read the errors."
        )
    if lists_passed and not run.result:
        yield "The preview did not finish."
    missing = sorted(
        pack.name for pack in packs if lists_passed and pack.told and pack.name not in run.stack_judged
    )
    if missing:
        yield f"Rules about the whole stack did not run: {', '.join(missing)}."
    for pack in packs:
        if pack.switched_off:
            yield (
                f"{len(pack.switched_off)} rule(s) of {pack.name} are switched off by its config and judged nothing:"
                f" {', '.join(pack.switched_off)}."
            )
    failed = sum(judgement.rule_failed for judgement in found)
    if failed:
        yield f"{failed} time(s) a rule failed with an error and refused for that reason; its message says where."


def _provenance(subject: Subject, pulumi: PulumiCli, now: datetime, evidence: _Evidence) -> Provenance:
    project, stack = _names(evidence.resources)
    commit = provenance.commit_of(subject.folder) if subject.kind is SubjectKind.PREVIEW else None
    state = evidence.state if evidence.state is not None and evidence.state.resources else None
    from_stack = subject.kind is not SubjectKind.FILE
    return Provenance(
        kind=subject.kind,
        project=project,
        stack=stack,
        generated_at=now,
        tool_version=provenance.tool_version(),
        engine_version=provenance.engine_version(pulumi),
        commit=commit.id if commit else None,
        uncommitted=bool(commit and commit.uncommitted),
        state_time=one_line(state.time) if state and state.time else None,
        state_version=stored_state.last_version(pulumi, subject.stack) if state and from_stack else None,
        state_digest=state.digest if state else None,
        state_file=one_line(subject.file.name) if subject.file else None,
    )


def _names(resources: Sequence[ReviewedResource]) -> tuple[str, str]:
    """Return project and stack, as the URNs name them."""
    stacks = {tuple(resource.urn.split("::")[:2]) for resource in resources if resource.urn.count("::") >= 3}
    if len(stacks) != 1:
        return "", "several" if stacks else ""
    stack, project = next(iter(stacks))
    return one_line(project), one_line(stack.removeprefix("urn:pulumi:"))


def selected_stack(pulumi: PulumiCli) -> str:
    """Return the stack that is selected in the project.

    Raises:
        ReviewError: No stack is selected.
    """
    result = pulumi(["stack", "--show-name"])
    if result.code != 0 or not result.stdout.strip():
        raise ReviewError("No stack is selected. Give --stack, or run `pulumi stack select`.")
    return result.stdout.strip()
