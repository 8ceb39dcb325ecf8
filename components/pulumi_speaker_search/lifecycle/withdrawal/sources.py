"""Find the pipelines, domains and streams whose own tags in AWS refer to a consent record."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Final

from .. import consent_gate, media_insights_pipeline
from ..aws_call import Aws, Call, send
from ..aws_client import KINESIS_VIDEO, MEDIA_PIPELINES, VOICE
from ..consent_gate import ConsentSource
from ..errors import NotFoundError, SpeakerSearchError, Subject
from ..ledger_carriers import Carrier, each
from ..orphans import Unread
from ..pipeline_tags import STATUS
from ..request_record import recording
from .parts import WITHDRAWN, Action, Holdings, Inquiry, Part, unread

CALL_SECONDS: Final = 60.0
DOMAIN: Final = "voice profile domain"
STREAM: Final = "Kinesis video stream"
NO_STATUS: Final = "no status"

DOMAIN_IN_ARN: Final = ":voice-profile-domain/"
STREAM_IN_ARN: Final = ":stream/"


def find_sources(aws: Aws, inquiry: Inquiry, carriers: Sequence[Carrier]) -> Holdings:
    """Return the pipelines among these, and the domains and streams of the region, that are under the record."""
    known = {*inquiry.record.arns, *(arn for one in carriers for arn in one.arns() if arn)}
    domains, unlisted_domains = _listed(aws, inquiry, "voice profile domains", _list_domains)
    streams, unlisted_streams = _listed(aws, inquiry, "Kinesis video streams", _list_streams)
    candidates = [
        *(
            ConsentSource(media_insights_pipeline.KIND, MEDIA_PIPELINES, one.pipeline.arn)
            for one in carriers
            if inquiry.is_under(one.tags)
        ),
        *_of_region(DOMAIN, VOICE, {*domains, *_having(known, DOMAIN_IN_ARN)}, inquiry.region),
        *_of_region(STREAM, KINESIS_VIDEO, {*streams, *_having(known, STREAM_IN_ARN)}, inquiry.region),
    ]
    read = each(lambda source: _read(aws, inquiry, source), candidates)
    return Holdings(
        parts=tuple(one for one in read if isinstance(one, Part)),
        unread=(*unlisted_domains, *unlisted_streams, *(one for one in read if isinstance(one, Unread))),
    )


def _having(arns: set[str] | frozenset[str], part: str) -> Iterator[str]:
    service = "kinesisvideo" if part == STREAM_IN_ARN else "chime"
    return (arn for arn in arns if part in arn and arn.split(":")[2] == service)


def _of_region(noun: str, service: str, arns: set[str], region: str) -> Iterator[ConsentSource]:
    return (ConsentSource(noun, service, arn) for arn in sorted(arns) if arn.split(":")[3] == region)


def _read(aws: Aws, inquiry: Inquiry, source: ConsentSource) -> Part | Unread | None:
    """Return the resource as its tags show it; None if it is not under the consent record, or is gone."""
    recorded, requests = recording(aws)
    subject = Subject(kind=source.noun, id=source.arn)
    deadline = aws.clock.monotonic() + CALL_SECONDS
    try:
        tags = consent_gate.fetch_tags(
            recorded, source.service, source.arn, subject=subject, deadline=deadline
        )
    except NotFoundError:
        return None
    except SpeakerSearchError as failed:
        return unread(f"the tags of {source.noun} {source.arn}", failed, inquiry.region)
    if not inquiry.is_under(tags):
        return None
    status = tags.get(STATUS, NO_STATUS)
    return Part(
        action=Action.MARK,
        noun=source.noun,
        id=source.arn,
        region=inquiry.region,
        observed=status,
        is_left=status != WITHDRAWN,
        requests=tuple(requests),
        source=source,
    )


def _listed(
    aws: Aws, inquiry: Inquiry, noun: str, list_arns: Callable[[Aws], list[str]]
) -> tuple[list[str], list[Unread]]:
    try:
        return list_arns(aws), []
    except SpeakerSearchError as failed:
        return [], [unread(f"the {noun}", failed, inquiry.region)]


def _list_domains(aws: Aws) -> list[str]:
    pages = _pages(aws, VOICE, "list_voice_profile_domains", "voice profile domains")
    return [str(one["VoiceProfileDomainArn"]) for page in pages for one in page["VoiceProfileDomains"]]


def _list_streams(aws: Aws) -> list[str]:
    pages = _pages(aws, KINESIS_VIDEO, "list_streams", "Kinesis video streams")
    return [str(one["StreamARN"]) for page in pages for one in page["StreamInfoList"]]


def _pages(aws: Aws, service: str, operation: str, noun: str) -> Iterator[Mapping[str, Any]]:
    token: dict[str, str] = {}
    while True:
        call = Call(
            service=service,
            operation=operation,
            parameters=token,
            action="list",
            subject=Subject(kind=noun),
        )
        page = send(aws, call, deadline=aws.clock.monotonic() + CALL_SECONDS)
        yield page
        if not page.get("NextToken"):
            return
        token = {"NextToken": page["NextToken"]}
