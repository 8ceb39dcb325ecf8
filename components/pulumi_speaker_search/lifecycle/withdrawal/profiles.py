"""Find the voice profiles under a consent record: those of its domains, and those that a state declares under it.

AWS keeps no tags of a profile. One that was enrolled outside of the stack, in a domain of another record, can't be
found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from ...type_tokens import VOICE_PROFILE
from .. import voice_profile
from ..absence import fetch_confirmed
from ..aws_call import Aws
from ..errors import NotFoundError, SpeakerSearchError, Subject
from ..ledger_carriers import each
from ..orphans import Unread
from ..request_record import SentRequest, recording
from .parts import NOT_FOUND, Action, Holdings, Inquiry, Part, together, unread
from .sources import CALL_SECONDS, DOMAIN

NO_PROFILES: Final = "no profiles"
FIND_SECONDS: Final = 15.0
"""How long a profile that AWS does not find is asked for again."""


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A profile that may still exist. `name`: its resource in state."""

    id: str
    account_arn: str | None = None
    name: str | None = None


def find_profiles(aws: Aws, inquiry: Inquiry, domains: Sequence[str]) -> Holdings:
    """Return the profiles of these domains (ARNs), and those that state and evidence name, deleted or not."""
    listed = together(each(lambda domain: _list_domain(aws, inquiry, domain), domains))
    known = {part.id for part in listed.parts}
    others = [one for one in _candidates(inquiry, domains) if one.id not in known]
    read = each(lambda candidate: _read(aws, inquiry, candidate), others)
    return Holdings(
        parts=(*listed.parts, *(one for one in read if isinstance(one, Part))),
        unread=(*listed.unread, *(one for one in read if isinstance(one, Unread))),
    )


def _list_domain(aws: Aws, inquiry: Inquiry, domain: str) -> Holdings:
    recorded, requests = recording(aws)
    try:
        listed = voice_profile.list_voice_profiles(recorded, domain, timeout_seconds=CALL_SECONDS)
    except NotFoundError:  # the domain was deleted a moment ago, and its profiles with it
        return Holdings()
    except SpeakerSearchError as failed:
        return Holdings(unread=(unread(f"the voice profiles of {domain}", failed, inquiry.region),))
    if listed:
        parts = [
            _part(inquiry, _Candidate(one.id, domain), voice_profile.ENROLLED, requests) for one in listed
        ]
        return Holdings(parts=tuple(parts))
    empty = Part(
        action=Action.DELETE_PROFILE,
        noun=DOMAIN,
        id=domain,
        region=inquiry.region,
        observed=NO_PROFILES,
        is_left=False,
        requests=tuple(requests),
    )
    return Holdings(parts=(empty,))


def _candidates(inquiry: Inquiry, domains: Sequence[str]) -> Iterator[_Candidate]:
    found: dict[str, _Candidate] = {}
    for one in inquiry.record.custom:
        if one.type != VOICE_PROFILE or one.id is None or not inquiry.is_here(one):
            continue
        if inquiry.is_declared(one) or any(arn in domains for arn in one.arns()):
            id_ = voice_profile.id_of(one.id)
            found[id_] = _Candidate(id_, one.account_arn, one.name)
    for id_ in inquiry.profile_ids:
        found.setdefault(id_, _Candidate(id_))
    yield from found.values()


def _read(aws: Aws, inquiry: Inquiry, candidate: _Candidate) -> Part | Unread:
    recorded, requests = recording(aws)
    try:
        profile = fetch_confirmed(
            recorded,
            lambda: voice_profile.fetch_voice_profile(recorded, candidate.id, timeout_seconds=CALL_SECONDS),
            subject=Subject(kind=voice_profile.KIND, id=candidate.id),
            deadline=aws.clock.monotonic() + FIND_SECONDS,
        )
    except SpeakerSearchError as failed:
        return unread(f"voice profile {candidate.id}", failed, inquiry.region)
    return _part(inquiry, candidate, voice_profile.ENROLLED if profile else NOT_FOUND, requests)


def _part(inquiry: Inquiry, candidate: _Candidate, observed: str, requests: Sequence[SentRequest]) -> Part:
    return Part(
        action=Action.DELETE_PROFILE,
        noun=voice_profile.KIND,
        id=candidate.id,
        region=inquiry.region,
        observed=observed,
        is_left=observed != NOT_FOUND,
        name=candidate.name,
        account_arn=candidate.account_arn,
        requests=tuple(requests),
    )
