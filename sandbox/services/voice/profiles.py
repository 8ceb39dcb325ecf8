"""Voice profile domains, and the voice profiles in them."""

import uuid

from sandbox import quotas
from sandbox.account import tags
from sandbox.account.context import Context
from sandbox.account.state import Members, Task, VoiceProfile, VoiceProfileDomain
from sandbox.account.tokens import remember, replayed
from sandbox.aws_protocol.errors import ServiceError, bad_request, conflict, not_found
from sandbox.aws_protocol.paging import page
from sandbox.clock import moment
from sandbox.quotas import SPEAKER_SEARCH

CREATE_DOMAIN = "CreateVoiceProfileDomain"
EMBEDDING_KEPT_SECONDS = 24 * 3600
PROFILE_KEPT_SECONDS = 3 * 365 * 24 * 3600
DESCRIBED = ("Name", "Description", "ServerSideEncryptionConfiguration")


def create_domain(context: Context, members: Members) -> Members:
    state = context.state
    earlier = replayed(context, CREATE_DOMAIN, members)
    if earlier in state.domains:
        return _domain_answer(state.domains[earlier])
    regions = context.settings.switches.voice_analytics_regions
    if state.region not in regions:
        message = f"Voice analytics runs in {' and '.join(regions)}, not in {state.region}."
        raise bad_request(message)
    key = members["ServerSideEncryptionConfiguration"]["KmsKeyArn"]
    problem = context.neighbours.key_problem(state.account_id, state.region, key)
    if problem:
        message = f"KmsKeyArn: {problem}. It takes an enabled symmetric key that you manage."
        raise bad_request(message)
    new_tags = tags.from_list(members.get("Tags"))
    quotas.check_domains(context)
    domain_id = _new_id()
    new = VoiceProfileDomain(
        domain_id=domain_id,
        arn=state.arn("chime", f"voice-profile-domain/{domain_id}"),
        members={name: members[name] for name in DESCRIBED if name in members},
        created=context.now,
        updated=context.now,
        tags=new_tags,
    )
    state.domains[domain_id] = new
    remember(context, CREATE_DOMAIN, members, domain_id)
    return _domain_answer(new)


def get_domain(context: Context, members: Members) -> Members:
    return _domain_answer(_find_domain(context, members["VoiceProfileDomainId"]))


def list_domains(context: Context, members: Members) -> Members:
    rows = [_described_domain(one) for one in context.state.domains.values()]
    for row in rows:
        del row["ServerSideEncryptionConfiguration"]
    return page("VoiceProfileDomains", rows, members)


def update_domain(context: Context, members: Members) -> Members:
    found = _find_domain(context, members["VoiceProfileDomainId"])
    found.members.update({name: members[name] for name in ("Name", "Description") if name in members})
    found.updated = context.now
    return _domain_answer(found)


def delete_domain(context: Context, members: Members) -> None:
    """Takes every profile in it. A task that searches in it runs on, or forbids the deletion: a switch."""
    state = context.state
    found = _find_domain(context, members["VoiceProfileDomainId"])
    if context.settings.switches.domain_in_use == "conflict" and _is_searched(context, found):
        message = f"{found.arn} is searched by an active speaker search task: stop that task first."
        raise conflict(message)
    del state.domains[found.domain_id]
    state.profiles = {key: one for key, one in state.profiles.items() if one.domain_id != found.domain_id}


def create_profile(context: Context, members: Members) -> Members:
    domain = _domain_of_task(context, members["SpeakerSearchTaskId"])
    voice = context.state.tasks[members["SpeakerSearchTaskId"]].voice
    return {"VoiceProfile": _described_profile(enrol(context, domain, voice))}


def enrol(context: Context, domain: VoiceProfileDomain, voice: str | None) -> VoiceProfile:
    """A profile of the voice, as if somebody had spoken for it."""
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
    return {"VoiceProfile": _described_profile(_find_profile(context, members["VoiceProfileId"]))}


def list_profiles(context: Context, members: Members) -> Members:
    domain = _find_domain(context, members["VoiceProfileDomainId"])
    profiles = context.state.profiles.values()
    rows = [_described_profile(one) for one in profiles if one.domain_id == domain.domain_id]
    return page("VoiceProfiles", rows, members)


def update_profile(context: Context, members: Members) -> Members:
    """Also of one that has expired: it is in force again."""
    found = _find_profile(context, members["VoiceProfileId"], expired=True)
    domain = _domain_of_task(context, members["SpeakerSearchTaskId"])
    if domain.domain_id != found.domain_id:
        message = f"The task searched in {domain.arn}, and {found.arn} is in another domain."
        raise bad_request(message)
    found.updated = context.now
    found.expires = context.now + PROFILE_KEPT_SECONDS
    found.voice = context.state.tasks[members["SpeakerSearchTaskId"]].voice
    return {"VoiceProfile": _described_profile(found)}


def delete_profile(context: Context, members: Members) -> None:
    found = _find_profile(context, members["VoiceProfileId"])
    del context.state.profiles[found.profile_id]


def _domain_of_task(context: Context, task_id: str) -> VoiceProfileDomain:
    """The domain that the task searched in, while the voiceprint is kept that it made of 20 s of speech."""
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
        raise conflict(message)
    for domain in context.state.domains.values():
        if domain.arn == task.request["VoiceProfileDomainArn"]:
            return domain
    message = f"The voice profile domain of speaker search task {task_id} is deleted."
    raise not_found(message)


def _is_searched(context: Context, domain: VoiceProfileDomain) -> bool:
    def searches(task: Task) -> bool:
        return task.request.get("VoiceProfileDomainArn") == domain.arn and not task.ended(context.now)

    return any(searches(task) for task in context.state.tasks.values())


def _find_domain(context: Context, domain_id: str) -> VoiceProfileDomain:
    found = context.state.domains.get(domain_id)
    if found is None:
        message = f"There is no voice profile domain {domain_id} in {context.state.region}."
        raise not_found(message)
    return found


def _find_profile(context: Context, profile_id: str, *, expired: bool = False) -> VoiceProfile:
    found = context.state.profiles.get(profile_id)
    if found is None or (found.expires <= context.now and not expired):
        message = f"There is no voice profile {profile_id} in {context.state.region}."
        raise not_found(message)
    return found


def _domain_answer(domain: VoiceProfileDomain) -> Members:
    return {"VoiceProfileDomain": _described_domain(domain)}


def _described_domain(domain: VoiceProfileDomain) -> Members:
    return {
        "VoiceProfileDomainId": domain.domain_id,
        "VoiceProfileDomainArn": domain.arn,
        **domain.members,
        "CreatedTimestamp": moment(domain.created),
        "UpdatedTimestamp": moment(domain.updated),
    }


def _described_profile(profile: VoiceProfile) -> Members:
    return {
        "VoiceProfileId": profile.profile_id,
        "VoiceProfileArn": profile.arn,
        "VoiceProfileDomainId": profile.domain_id,
        "CreatedTimestamp": moment(profile.created),
        "UpdatedTimestamp": moment(profile.updated),
        "ExpirationTimestamp": moment(profile.expires),
    }


def _new_id() -> str:
    return uuid.uuid4().hex
