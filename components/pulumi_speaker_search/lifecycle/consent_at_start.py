"""The last look at consent, at the moment of the start: a plan may be old.

The declared tags are always checked. The tags that the domain and the stream carry in AWS at that moment are always
read too: a withdrawal that stands there refuses the start, and so does the record of another consent. With
`verify_live_tags` domain, stream and pipeline have to carry complete and valid consent tags.
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
"""The tag that points to the record of the consent."""

REMEDY: Final = (
    "Nothing was started. Give all notices and obtain all consents that the law demands, record them, then "
    "declare the `Consent` value with that record and run `pulumi up`."
)


@dataclass(frozen=True, slots=True)
class Tagged:
    """Something whose live tags have a say in a start."""

    noun: str
    service: str
    arn: str


def tagged_parts(*, domain_arn: str, stream_arn: str, pipeline_arn: str) -> tuple[Tagged, ...]:
    """Return the three resources of a search that AWS can tag."""
    return (
        Tagged("voice profile domain", VOICE, domain_arn),
        Tagged("Kinesis video stream", KINESIS_VIDEO, stream_arn),
        Tagged("media insights pipeline", MEDIA_PIPELINES, pipeline_arn),
    )


def demand_declared(aws: Aws, tags: Mapping[str, str] | None, *, subject: Subject) -> None:
    """Refuses to go on unless the declared tags hold now.

    Raises:
        ConsentError: Naming every tag at fault, and no value.
    """
    _demand(aws, tags or {}, "the declared consent", subject)


def demand_live(
    aws: Aws,
    parts: Sequence[Tagged],
    declared: Mapping[str, str],
    *,
    subject: Subject,
    deadline: float,
    retry_windows: RetryWindows = NO_RETRIES,
) -> None:
    """Refuse to go on unless the tags that `parts` carry in AWS are complete, valid, and of the declared record.

    Raises:
        ConsentError: Naming the part and every tag at fault.
        RefusedError: The tags may not be read.
    """
    for part in parts:
        tags = tags_of(
            aws, part.service, part.arn, subject=subject, deadline=deadline, retry_windows=retry_windows
        )
        whose = _whose(part)
        _demand(aws, tags, whose, subject)
        demand_standing(aws, tags, declared, whose=whose, subject=subject)


def demand_no_withdrawal(
    aws: Aws, parts: Sequence[Tagged], declared: Mapping[str, str], *, subject: Subject, deadline: float
) -> None:
    """Refuse to go on where a part carries a withdrawn or expired consent, or another record, in AWS.

    Searches that start together share one answer about each part.

    Raises:
        ConsentError: Naming the part and the tag.
        RefusedError: The tags may not be read, or the part does not exist.
    """
    for part in parts:

        def fetch(part: Tagged = part) -> dict[str, str]:
            return tags_of(aws, part.service, part.arn, subject=subject, deadline=deadline)

        tags = aws.memory.shared_tags(part.arn, aws.clock.monotonic, fetch)
        demand_standing(aws, tags, declared, whose=_whose(part), subject=subject)


def demand_standing(
    aws: Aws, tags: Mapping[str, str], declared: Mapping[str, str], *, whose: str, subject: Subject
) -> None:
    """Refuse to go on where these tags say that consent was withdrawn or is over, or point to another record.

    Tags without consent among them have no say: the part may have been brought along.

    Args:
        tags: What the part carries in AWS.
        declared: The declared tags; the record that they point to is compared.
        whose: The part, for the message.
    """
    faults = in_doubt(tags, today=aws.clock.now().date())
    if faults:
        _refuse(f"{whose} does not hold in AWS: {_sentence(faults)}", subject)
    record = tags.get(RECORD_REF)
    if record is not None and record != declared.get(RECORD_REF):
        _refuse(f"{whose} is another one in AWS: {RECORD_REF} is not the declared record", subject)


def _whose(part: Tagged) -> str:
    return f"the consent on the {part.noun} {part.arn}"


def _demand(aws: Aws, tags: Mapping[str, str], whose: str, subject: Subject) -> None:
    problems = problems_of(tags, today=aws.clock.now().date())
    if problems:
        _refuse(f"{whose} does not hold: {_sentence(problems)}", subject)


def _sentence(problems: Sequence[Problem]) -> str:
    return "; ".join(f"{problem.key} {problem.fault}" for problem in problems)


def _refuse(reason: str, subject: Subject) -> NoReturn:
    raise ConsentError(reason, action="start", subject=subject, remedy=REMEDY)


def tags_of(
    aws: Aws,
    service: str,
    arn: str,
    *,
    subject: Subject,
    deadline: float,
    retry_windows: RetryWindows = NO_RETRIES,
) -> dict[str, str]:
    """Return the tags that a resource has in AWS now."""
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
