"""Makes a review: asks engine and packs, side by side, and puts their answers together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from pulumi_speaker_search.consent_vocabulary import PREFIX

from . import preview, provenance, stored_state
from .config_secrets import secret_fields
from .consent_timeline import timeline
from .engine_events import EngineRun
from .pack_description import described_pack
from .pack_folders import PackFolder
from .pulumi_cli import PulumiCli, ReviewError
from .review_model import Judgement, Pack, Provenance, Review, ReviewedResource, SubjectKind, Verdict
from .reviewed_resources import marked, not_reached, previewed, removed, stored
from .searches import Entry, entry_of_state, entry_of_step, search_rows
from .untrusted_text import one_line
from .verdicts import RULE_FAILURE, judgements
from .withholding import without_personal_data, without_secrets


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What to look at.

    Attributes:
        folder: Of the Pulumi project; for a state file, where the CLI runs.
        stack: Needed unless a file is looked at.
        tag_prefix: What the keys of consent tags start with.
    """

    kind: SubjectKind
    folder: Path
    packs: tuple[PackFolder, ...]
    stack: str = ""
    file: Path | None = None
    tag_prefix: str = PREFIX


@dataclass(frozen=True, slots=True)
class _LookedAt:
    run: EngineRun
    resources: tuple[ReviewedResource, ...]
    state: stored_state.StateExport | None
    secret_fields: frozenset[str] = frozenset()


def make_review(subject: Subject, pulumi: PulumiCli, now: datetime) -> Review:
    """Looks, asks the packs about themselves meanwhile, and judges.

    Raises:
        ReviewError: There was nothing to judge, or the engine could not be run.
    """
    with ThreadPoolExecutor() as threads:
        described = [threads.submit(described_pack, pack) for pack in subject.packs]
        looked_at = _look(subject, pulumi)
        packs = tuple(answer.result() for answer in described)
    run = looked_at.run
    packs = _with_packs_of_events(packs, run)
    lists_passed = subject.kind is SubjectKind.PREVIEW
    found = judgements(run, packs, lists_passed=lists_passed)
    told_of = [urn for _, urn in sorted(run.judged)] + [one.urn for one in found]
    resources = looked_at.resources + not_reached(looked_at.resources, told_of)
    resources = marked(resources, found, packs)
    raw_urns = [one.urn for one in resources]
    resources, found = without_personal_data(resources, found, packs)
    resources = without_secrets(resources, looked_at.secret_fields)
    shown = dict(zip(raw_urns, resources, strict=True))
    return Review(
        provenance=_provenance(subject, pulumi, now, looked_at),
        packs=packs,
        resources=resources,
        judgements=found,
        timeline=timeline(resources, now.date()),
        lists_passed=lists_passed,
        gaps=tuple(_gaps(run, found, packs, lists_passed=lists_passed)),
        searches=search_rows(_entries(looked_at, shown), now.date()),
    )


def _entries(looked_at: _LookedAt, shown: Mapping[str, ReviewedResource]) -> list[Entry]:
    """What the engine told of the resources, beside what the review shows of them."""
    if looked_at.run.resources:
        steps = {**looked_at.run.removed, **looked_at.run.resources}
        return [entry_of_step(step, urn, shown[urn]) for urn, step in steps.items() if urn in shown]
    stored_resources = looked_at.state.resources if looked_at.state else ()
    return [
        entry_of_state(one, shown[one["urn"]])
        for one in stored_resources
        if one.get("urn") in shown and not one.get("delete")
    ]


def _look(subject: Subject, pulumi: PulumiCli) -> _LookedAt:
    hidden = secret_fields(pulumi, subject.folder, subject.stack) if subject.stack else frozenset[str]()
    if subject.kind is SubjectKind.PREVIEW:
        run = preview.run_preview(pulumi, subject.stack, subject.packs)
        return _LookedAt(
            run,
            previewed(run.resources, subject.tag_prefix) + removed(run.removed, subject.tag_prefix),
            stored_state.exported(pulumi, subject.stack),
            hidden,
        )
    if subject.kind is SubjectKind.FILE and subject.file is not None:
        state = stored_state.from_file(subject.file)
    else:
        state = stored_state.exported(pulumi, subject.stack)
    run = stored_state.analyse(pulumi, state, subject.packs)
    return _LookedAt(run, stored(state.deployment, subject.tag_prefix), state, hidden)


def _with_packs_of_events(packs: tuple[Pack, ...], run: EngineRun) -> tuple[Pack, ...]:
    """Packs that did not tell their name get it from the events; what is left over stands alone."""
    known = {pack.name for pack in packs}
    named = {name for name, _ in run.judged} | {one.pack for one in run.findings} | run.stack_judged
    strangers = sorted(named - known)
    silent = [pack for pack in packs if not pack.told]
    if len(silent) == 1 and len(strangers) == 1:
        return tuple(replace(one, name=one_line(strangers[0])) if not one.told else one for one in packs)
    return packs + tuple(
        Pack(name=one_line(name), version="", source="", digest="", told=False) for name in strangers
    )


def _gaps(
    run: EngineRun, found: Sequence[Judgement], packs: Sequence[Pack], *, lists_passed: bool
) -> list[str]:
    gaps = []
    if run.errors:
        gaps.append(
            f"The preview met {len(run.errors)} error(s) that are no policy's: resources after them may not have been"
            " seen. Run `pulumi preview` to read them."
        )
    if lists_passed and not run.result:
        gaps.append("The preview did not get to its end.")
    missing = sorted(
        pack.name for pack in packs if lists_passed and pack.told and pack.name not in run.stack_judged
    )
    if missing:
        gaps.append(f"Rules about the whole stack were not asked: {', '.join(missing)}.")
    for pack in packs:
        if pack.switched_off:
            gaps.append(
                f"{len(pack.switched_off)} rule(s) of {pack.name} are switched off by its config, and judged nothing:"
                f" {', '.join(pack.switched_off)}."
            )
    broken = [one for one in found if one.verdict is Verdict.REFUSED and RULE_FAILURE.search(one.message)]
    if broken:
        gaps.append(f"{len(broken)} time(s) a rule broke and refused; see its message.")
    return gaps


def _provenance(subject: Subject, pulumi: PulumiCli, now: datetime, looked_at: _LookedAt) -> Provenance:
    project, stack = _names(looked_at.resources)
    commit = provenance.commit_of(subject.folder) if subject.kind is SubjectKind.PREVIEW else None
    state = looked_at.state if looked_at.state is not None and looked_at.state.resources else None
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
    """Project and stack, by the URNs."""
    stacks = {tuple(one.urn.split("::")[:2]) for one in resources if one.urn.count("::") >= 3}
    if len(stacks) != 1:
        return "", "several" if stacks else ""
    stack, project = next(iter(stacks))
    return one_line(project), one_line(stack.removeprefix("urn:pulumi:"))


def selected_stack(pulumi: PulumiCli) -> str:
    """The stack that is selected in the project.

    Raises:
        ReviewError: None is.
    """
    done = pulumi(["stack", "--show-name"])
    if done.code != 0 or not done.stdout.strip():
        raise ReviewError("No stack is selected: give --stack, or run `pulumi stack select`.")
    return done.stdout.strip()
