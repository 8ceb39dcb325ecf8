"""The last look at consent, at the moment of the start: a plan may be old.

Declared tags are checked always. With `verify_live_tags` the tags that domain, stream and pipeline carry in AWS
now are read too, so that a withdrawal written there stops a search that the program still declares.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ..consent import problems_of
from .aws_call import Aws, Call, send
from .aws_client import KINESIS_VIDEO, MEDIA_PIPELINES, VOICE
from .errors import ConsentError, Subject

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
    """The three of which a search is made and that AWS can tag."""
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


def demand_live(aws: Aws, parts: Sequence[Tagged], *, subject: Subject, deadline: float) -> None:
    """Refuses to go on unless the tags that `parts` carry in AWS hold now.

    Raises:
        ConsentError: Naming the part and every tag at fault.
        RefusedError: The tags may not be read.
    """
    for part in parts:
        tags = tags_of(aws, part.service, part.arn, subject=subject, deadline=deadline)
        _demand(aws, tags, f"the consent on the {part.noun} {part.arn}", subject)


def _demand(aws: Aws, tags: Mapping[str, str], whose: str, subject: Subject) -> None:
    problems = problems_of(tags, today=aws.clock.now().date())
    if problems:
        faults = "; ".join(f"{problem.key} {problem.fault}" for problem in problems)
        raise ConsentError(f"{whose} does not hold: {faults}", action="start", subject=subject, remedy=REMEDY)


def tags_of(aws: Aws, service: str, arn: str, *, subject: Subject, deadline: float) -> dict[str, str]:
    """The tags that a resource carries in AWS now."""
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
            one_at_a_time=(arn,),
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
