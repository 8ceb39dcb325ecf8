"""Write `report.sarif`: SARIF 2.1.0, one run per pack, for code scanning and editors.

Refusals are errors, advisories are warnings. A rule that could not be judged or is switched off has the
kind `open`; an exempted refusal has an accepted suppression. What passed is left out, because readers of
SARIF show every result as a problem.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final
from urllib.parse import quote

from sarif_pydantic import (
    ArtifactLocation,
    Invocation,
    Level,
    Location,
    LogicalLocation,
    Message,
    PhysicalLocation,
    Region,
    ReportingConfiguration,
    ReportingDescriptor,
    Result,
    Run,
    Sarif,
    Tool,
    ToolDriver,
)
from sarif_pydantic.sarif import RunAutomationDetails, Suppression

from .review_model import Judgement, Pack, Review, ReviewedResource, Rule, SubjectKind, Verdict

SCHEMA_URI: Final = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_SHOWN: Final = (Verdict.REFUSED, Verdict.UNKNOWN, Verdict.SKIPPED, Verdict.ADVISED, Verdict.EXEMPTED)
_OPEN: Final = frozenset({Verdict.UNKNOWN, Verdict.SKIPPED})
_LEVELS: Final = {"mandatory": Level.ERROR, "remediate": Level.ERROR, "advisory": Level.WARNING}
_SECURITY_SEVERITY: Final = {"critical": "9.5", "high": "8.0", "medium": "5.5", "low": "2.0"}
"""GitHub's ranges: critical above 9.0, high 7.0 to 8.9, medium 4.0 to 6.9, low 0.1 to 3.9."""


def report_sarif(review: Review, project_folder: str = "") -> str:
    """Return the review as SARIF. `project_folder` is the path of the project in its repository."""
    sarif = Sarif(
        version="2.1.0",
        schema_uri=SCHEMA_URI,
        runs=[_run(review, pack, project_folder) for pack in review.packs],
    )
    text: str = sarif.model_dump_json(by_alias=True, exclude_none=True, indent=2)
    return text + "\n"


def _run(review: Review, pack: Pack, project_folder: str) -> Run:
    shown = [
        judgement
        for judgement in review.judgements
        if judgement.pack == pack.name and judgement.verdict in _SHOWN
    ]
    described = {rule.name for rule in pack.rules}
    undeclared = sorted({judgement.rule for judgement in shown} - described)
    rules = [*pack.rules, *(Rule(name=name, title=name) for name in undeclared)]
    index = {rule.name: number for number, rule in enumerate(rules)}
    where = review.provenance
    return Run(
        tool=Tool(
            driver=ToolDriver(
                name=pack.name,
                version=pack.version or None,
                rules=[_descriptor(rule) for rule in rules],
                properties={"digest": pack.digest},
            )
        ),
        invocations=[Invocation(execution_successful=not review.gaps, end_time_utc=where.generated_at)],
        # GitHub's category: it separates stacks, and previews from deployed states.
        automation_details=RunAutomationDetails(id=f"{'/'.join(_run_of(review))}/"),
        results=[
            _result(review, one, index[one.rule], project_folder, fingerprint)
            for one, fingerprint in zip(shown, _fingerprints(review, shown), strict=True)
        ],
        properties={
            "project": where.project,
            "stack": where.stack,
            "commit": where.commit,
            "stateDigest": where.state_digest,
        },
    )


def _descriptor(rule: Rule) -> ReportingDescriptor:
    text = rule.description or rule.title
    tags = sorted({*rule.tags, "security"})
    return ReportingDescriptor(
        id=rule.name,
        name=rule.title,
        short_description=Message(text=text),
        full_description=Message(text=text),
        help=Message(
            text="\n".join(part for part in (rule.remediation, rule.framework, rule.page) if part) or text
        ),
        help_uri=rule.page if rule.page.startswith("https://") else None,
        default_configuration=ReportingConfiguration(level=_LEVELS.get(rule.level, Level.WARNING).value),
        properties={
            "tags": tags,
            **(
                {"security-severity": _SECURITY_SEVERITY[rule.severity]}
                if rule.severity in _SECURITY_SEVERITY
                else {}
            ),
        },
    )


def _result(review: Review, one: Judgement, rule_index: int, project_folder: str, fingerprint: str) -> Result:
    resource = review.resource(one.urn)
    # sarif-pydantic 0.6 has no field for suppressions, but keeps additional fields.
    fields: dict[str, Any] = {}
    if one.exemption is not None:
        fields["suppressions"] = [
            Suppression(
                kind="external",
                status="accepted",
                justification=f"Until {one.exemption.until} by {one.exemption.owner}"
                f" ({one.exemption.reference}): {one.exemption.reason}",
            )
        ]
    unknown = one.verdict in _OPEN
    return Result(
        rule_id=one.rule,
        rule_index=rule_index,
        kind="open" if unknown else "fail",
        level=Level.NONE if unknown else Level.WARNING if one.verdict is Verdict.ADVISED else Level.ERROR,
        message=Message(text=_message(review, one)),
        locations=[_location(review, one, resource, project_folder)],
        # GitHub compares the second one; without it, all findings on one line of Pulumi.yaml would be one.
        partial_fingerprints={
            "ruleAndResource/v2": fingerprint,
            "primaryLocationLineHash": f"{fingerprint[:16]}:1",
        },
        **fields,
    )


def _message(review: Review, one: Judgement) -> str:
    text = f"{review.label(one.urn)}: {one.message or review.rule(one).description or one.rule}"
    # In SARIF messages, square brackets make links and braces are placeholders (SARIF 2.1.0, 3.11.5 and 3.11.6).
    for mark in ("\\", "[", "]"):
        text = text.replace(mark, "\\" + mark)
    return text.replace("{", "{{").replace("}", "}}")


def _location(
    review: Review, one: Judgement, resource: ReviewedResource | None, project_folder: str
) -> Location:
    prefix = f"{project_folder}/" if project_folder else ""
    path, line = "Pulumi.yaml", 1
    if resource is not None and resource.source:
        path, _, number = resource.source.partition("#")
        line = int(number)
    elif review.provenance.kind is SubjectKind.FILE and review.provenance.state_file:
        prefix, path = "", review.provenance.state_file
    return Location(
        physical_location=PhysicalLocation(
            artifact_location=ArtifactLocation(uri=_uri(prefix + path), uri_base_id="%SRCROOT%"),
            region=Region(start_line=max(line, 1)),
        ),
        logical_locations=[
            LogicalLocation(
                name=resource.name if resource else "stack",
                fully_qualified_name=one.urn or f"{review.provenance.project}/{review.provenance.stack}",
                kind="resource" if resource else "stack",
            )
        ],
    )


def _uri(path: str) -> str:
    return quote(path)


def _run_of(review: Review) -> tuple[str, ...]:
    where = review.provenance
    return tuple(part for part in ("consent-review", where.project, where.stack, where.kind.value) if part)


def _fingerprints(review: Review, shown: Sequence[Judgement]) -> Iterator[str]:
    """Yield one fingerprint per result: a hash of stack, rule and resource, and of its number among equal ones.

    The message is not part of it: its words may change while the finding stays the same.
    """
    where, seen = review.provenance, Counter[tuple[str, str, str]]()
    for one in shown:
        key = (one.pack, one.rule, one.urn)
        seen[key] += 1
        text = "\0".join((where.project, where.stack, *key, *([str(seen[key])] if seen[key] > 1 else [])))
        yield hashlib.sha256(text.encode()).hexdigest()
