"""Check the consent at the moment of a start, because the plan may be old.

The declared tags are always checked. The tags of the domain and of the stream in AWS are always read, too: a withdrawal
or another consent record there refuses the start. With `verify_live_tags`, domain, stream and pipeline must have
complete and valid consent tags in AWS.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NoReturn

from ..consent.consent_value import Problem, in_doubt, problems_of
from ..consent.vocabulary import PREFIX
from .aws_call import NO_RETRIES, Aws, Call, RetryWindows, send
from .aws_client import KINESIS_VIDEO, MEDIA_PIPELINES, VOICE
from .errors import ConsentError, Subject

RECORD_REF: Final = PREFIX + "record-ref"
"""Key of the tag that refers to the consent record."""

REMEDY: Final = (
    "Nothing was started. Give all notices and obtain all consents that the law demands, record them, then "
    "declare the `Consent` value with that record and run `pulumi up`."
)


@dataclass(frozen=True, slots=True)
class ConsentSource:
    """A resource whose consent tags in AWS are checked before a start."""

    noun: str
    service: str
    arn: str


def consent_sources(
    *, domain_arn: str | None, stream_arn: str, pipeline_arn: str
) -> tuple[ConsentSource, ...]:
    """Return the resources of a task that can have tags in AWS: its domain, if it searches one, stream and pipeline."""
    return (
        *((ConsentSource("voice profile domain", VOICE, domain_arn),) if domain_arn else ()),
        ConsentSource("Kinesis video stream", KINESIS_VIDEO, stream_arn),
        ConsentSource("media insights pipeline", MEDIA_PIPELINES, pipeline_arn),
    )


def require_declared_consent(aws: Aws, tags: Mapping[str, str] | None, *, subject: Subject) -> None:
    """Check that the declared consent is valid now.

    Raises:
        ConsentError: It is not. The message names each tag at fault, but no value.
    """
    _require_valid(aws, tags or {}, "the declared consent", subject)


def require_live_consent(
    aws: Aws,
    sources: Sequence[ConsentSource],
    declared: Mapping[str, str],
    *,
    subject: Subject,
    deadline: float,
    retry_windows: RetryWindows = NO_RETRIES,
) -> None:
    """Check that the consent tags of `sources` in AWS are complete, valid, and of the declared record.

    Raises:
        ConsentError: They are not. The message names the resource and each tag at fault.
        RefusedError: AWS refused to list the tags.
    """
    for source in sources:
        tags = fetch_tags(
            aws, source.service, source.arn, subject=subject, deadline=deadline, retry_windows=retry_windows
        )
        consent_of = _consent_of(source)
        _require_valid(aws, tags, consent_of, subject)
        require_no_withdrawal_in_tags(aws, tags, declared, consent_of=consent_of, subject=subject)


def require_no_withdrawal(
    aws: Aws,
    sources: Sequence[ConsentSource],
    declared: Mapping[str, str],
    *,
    subject: Subject,
    deadline: float,
) -> None:
    """Check that no source has a withdrawn or expired consent, or another consent record, in AWS.

    Searches that start at the same time share one response for each source.

    Raises:
        ConsentError: A source has one. The message names the resource and the tag.
        RefusedError: AWS refused to list the tags, or the resource does not exist.
    """
    for source in sources:

        def fetch(source: ConsentSource = source) -> dict[str, str]:
            return fetch_tags(aws, source.service, source.arn, subject=subject, deadline=deadline)

        tags = aws.memory.shared_tags(source.arn, aws.clock.monotonic, fetch)
        require_no_withdrawal_in_tags(aws, tags, declared, consent_of=_consent_of(source), subject=subject)


def require_no_withdrawal_in_tags(
    aws: Aws, tags: Mapping[str, str], declared: Mapping[str, str], *, consent_of: str, subject: Subject
) -> None:
    """Check that these tags show no withdrawn or expired consent and no other consent record.

    A resource without consent tags passes: it may belong to someone else.

    Args:
        tags: Tags of the resource in AWS.
        declared: The declared tags, with the consent record to compare.
        consent_of: Words for the consent of that resource, for the message.

    Raises:
        ConsentError: They do.
    """
    faults = in_doubt(tags, today=aws.clock.now().date())
    if faults:
        _refuse(f"{consent_of} is not valid in AWS: {_sentence(faults)}", subject)
    record = tags.get(RECORD_REF)
    if record is not None and record != declared.get(RECORD_REF):
        _refuse(f"{consent_of} has another {RECORD_REF} in AWS than the declared one", subject)


def _consent_of(source: ConsentSource) -> str:
    return f"the consent on the {source.noun} {source.arn}"


def _require_valid(aws: Aws, tags: Mapping[str, str], consent_of: str, subject: Subject) -> None:
    problems = problems_of(tags, today=aws.clock.now().date())
    if problems:
        _refuse(f"{consent_of} is not valid: {_sentence(problems)}", subject)


def _sentence(problems: Sequence[Problem]) -> str:
    return "; ".join(f"{problem.key} {problem.fault}" for problem in problems)


def _refuse(reason: str, subject: Subject) -> NoReturn:
    raise ConsentError(reason, action="start", subject=subject, remedy=REMEDY)


def fetch_tags(
    aws: Aws,
    service: str,
    arn: str,
    *,
    subject: Subject,
    deadline: float,
    retry_windows: RetryWindows = NO_RETRIES,
) -> dict[str, str]:
    """Return the present tags of a resource in AWS."""
    if service == KINESIS_VIDEO:
        return _stream_tags(aws, arn, subject, deadline)
    answer = send(
        aws,
        Call(
            service=service,
            operation="list_tags_for_resource",
            parameters={"ResourceARN": arn},
            action="read the tags of",
            subject=subject,
            serialize_on=(arn,),
            retry_windows=retry_windows,
        ),
        deadline=deadline,
    )
    return {tag["Key"]: tag["Value"] for tag in answer.get("Tags", [])}


def _stream_tags(aws: Aws, arn: str, subject: Subject, deadline: float) -> dict[str, str]:
    tags: dict[str, str] = {}
    page: dict[str, str] = {}
    while True:
        answer = send(
            aws,
            Call(
                service=KINESIS_VIDEO,
                operation="list_tags_for_stream",
                parameters={"StreamARN": arn, **page},
                action="read the tags of",
                subject=subject,
            ),
            deadline=deadline,
        )
        tags.update(answer.get("Tags", {}))
        if not answer.get("NextToken"):
            return tags
        page = {"NextToken": answer["NextToken"]}
