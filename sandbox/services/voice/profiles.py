"""Voice profiles: made of the voiceprint of a speaker search task, or enrolled by the control API."""

from sandbox import quotas
from sandbox.account.context import Context
from sandbox.account.state import SPEAKER_SEARCH, VoiceProfile, VoiceProfileDomain
from sandbox.aws_protocol.errors import ServiceError, bad_request, not_found
from sandbox.aws_protocol.members import Members
from sandbox.aws_protocol.paging import page
from sandbox.clock import to_datetime
from sandbox.services.voice import domains

EMBEDDING_KEPT_SECONDS = 24 * 3600
PROFILE_KEPT_SECONDS = 3 * 365 * 24 * 3600


def create_profile(context: Context, members: Members) -> Members:
    """Create a profile of the voiceprint that a speaker search task has made."""
    domain = _domain_of_task(context, members["SpeakerSearchTaskId"])
    voice = context.state.tasks[members["SpeakerSearchTaskId"]].voice
    return {"VoiceProfile": _profile_members(enrol(context, domain, voice))}


def enrol(context: Context, domain: VoiceProfileDomain, voice: str | None) -> VoiceProfile:
    """Create a profile of a synthetic voice without a task. The control API calls it too.

    Raises:
        ServiceError: ResourceLimitExceededException.
    """
    quotas.check_profiles(context, domain.domain_id)
    profile_id = f"vp-{context.new_id()}"
    new = VoiceProfile(
        profile_id=profile_id,
        arn=context.state.arn("chime", f"voice-profile/{profile_id}"),
        domain_id=domain.domain_id,
        created=context.now,
        updated=context.now,
        expires=context.now + PROFILE_KEPT_SECONDS,
        voice=voice,
    )
    context.state.profiles[profile_id] = new
    return new


def get_profile(context: Context, members: Members) -> Members:
    """Get a profile. Whether an expired one is found is a switch."""
    return {"VoiceProfile": _profile_members(_find(context, members["VoiceProfileId"]))}


def list_profiles(context: Context, members: Members) -> Members:
    """List the profiles of a domain."""
    domain = domains.find(context, members["VoiceProfileDomainId"])
    rows = [
        _profile_members(profile)
        for profile in context.state.profiles.values()
        if profile.domain_id == domain.domain_id
    ]
    return page("VoiceProfiles", rows, members)


def update_profile(context: Context, members: Members) -> Members:
    """Replace the voice of a profile by that of a task; an expired profile is valid again."""
    found = _find(context, members["VoiceProfileId"], expired=True)
    domain = _domain_of_task(context, members["SpeakerSearchTaskId"])
    if domain.domain_id != found.domain_id:
        message = f"The task searched in {domain.arn}, and {found.arn} is in another domain."
        raise bad_request(message)
    found.updated = context.now
    found.expires = context.now + PROFILE_KEPT_SECONDS
    found.voice = context.state.tasks[members["SpeakerSearchTaskId"]].voice
    return {"VoiceProfile": _profile_members(found)}


def delete_profile(context: Context, members: Members) -> None:
    """Delete a profile, also one that has expired."""
    found = _find(context, members["VoiceProfileId"], expired=True)
    del context.state.profiles[found.profile_id]


def _domain_of_task(context: Context, task_id: str) -> VoiceProfileDomain:
    """Return the domain that a task searched, while the voiceprint of its 20 s of speech is kept."""
    task = context.state.tasks.get(task_id)
    if task is None or task.kind != SPEAKER_SEARCH:
        message = f"There is no speaker search task {task_id} in {context.state.region}."
        raise not_found(message)
    ended = task.timeline.since(context.now) if task.ended(context.now) else context.now
    if context.now - ended > EMBEDDING_KEPT_SECONDS:
        message = f"The voice embedding of speaker search task {task_id} was deleted after 24 hours."
        raise ServiceError("GoneException", message)
    if not task.has_voiceprint:
        needed = context.settings.transitions.voiceprint_speech_seconds
        message = f"Speaker search task {task_id} has no voiceprint: it takes {needed:g} s of speech."
        raise ServiceError(context.settings.switches.task_without_voiceprint, message)
    for domain in context.state.domains.values():
        if domain.arn == task.request["VoiceProfileDomainArn"]:
            return domain
    message = f"The voice profile domain of speaker search task {task_id} is deleted."
    raise not_found(message)


def _find(context: Context, profile_id: str, *, expired: bool = False) -> VoiceProfile:
    found = context.state.profiles.get(profile_id)
    finds_expired = expired or context.settings.switches.expired_profile == "kept"
    if found is None or (found.expires <= context.now and not finds_expired):
        message = f"There is no voice profile {profile_id} in {context.state.region}."
        raise not_found(message)
    return found


def _profile_members(profile: VoiceProfile) -> Members:
    return {
        "VoiceProfileId": profile.profile_id,
        "VoiceProfileArn": profile.arn,
        "VoiceProfileDomainId": profile.domain_id,
        "CreatedTimestamp": to_datetime(profile.created),
        "UpdatedTimestamp": to_datetime(profile.updated),
        "ExpirationTimestamp": to_datetime(profile.expires),
    }
