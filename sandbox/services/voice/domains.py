"""Voice profile domains."""

import uuid

from sandbox import quotas
from sandbox.account import tags
from sandbox.account.context import Context
from sandbox.account.request_tokens import record_token, replayed_resource_id
from sandbox.account.state import Task, VoiceProfileDomain
from sandbox.aws_protocol.errors import bad_request, conflict, not_found
from sandbox.aws_protocol.members import Members
from sandbox.aws_protocol.paging import page
from sandbox.clock import to_datetime

CREATE = "CreateVoiceProfileDomain"
KEPT_MEMBERS = ("Name", "Description", "ServerSideEncryptionConfiguration")


def create_domain(context: Context, members: Members) -> Members:
    """Create a domain, encrypted with an enabled symmetric key that the account manages."""
    state = context.state
    earlier = replayed_resource_id(context, CREATE, members)
    if earlier in state.domains:
        return _domain_output(state.domains[earlier])
    regions = context.settings.switches.voice_analytics_regions
    if state.region not in regions:
        message = f"Voice analytics runs in {' and '.join(regions)}, not in {state.region}."
        raise bad_request(message)
    key = members["ServerSideEncryptionConfiguration"]["KmsKeyArn"]
    problem = context.other_services.key_problem(state.account_id, state.region, key)
    if problem:
        message = f"KmsKeyArn: {problem}. It takes an enabled symmetric key that you manage."
        raise bad_request(message)
    new_tags = tags.from_list(members.get("Tags"))
    quotas.check_domains(context)
    domain_id = uuid.uuid4().hex
    new = VoiceProfileDomain(
        domain_id=domain_id,
        arn=state.arn("chime", f"voice-profile-domain/{domain_id}"),
        members={name: members[name] for name in KEPT_MEMBERS if name in members},
        created=context.now,
        updated=context.now,
        tags=new_tags,
    )
    state.domains[domain_id] = new
    record_token(context, CREATE, members, domain_id)
    return _domain_output(new)


def get_domain(context: Context, members: Members) -> Members:
    """Get a domain."""
    return _domain_output(find(context, members["VoiceProfileDomainId"]))


def list_domains(context: Context, members: Members) -> Members:
    """List all domains, without their encryption."""
    rows = [_domain_members(domain) for domain in context.state.domains.values()]
    for row in rows:
        del row["ServerSideEncryptionConfiguration"]
    return page("VoiceProfileDomains", rows, members)


def update_domain(context: Context, members: Members) -> Members:
    """Change name or description."""
    found = find(context, members["VoiceProfileDomainId"])
    found.members.update({name: members[name] for name in ("Name", "Description") if name in members})
    found.updated = context.now
    return _domain_output(found)


def delete_domain(context: Context, members: Members) -> None:
    """Delete a domain with its profiles. An active task that searches it continues, or prevents that: a switch."""
    state = context.state
    found = find(context, members["VoiceProfileDomainId"])
    if context.settings.switches.domain_in_use == "conflict" and _is_searched(context, found):
        message = f"{found.arn} is searched by an active speaker search task: stop that task first."
        raise conflict(message)
    del state.domains[found.domain_id]
    state.profiles = {
        profile_id: profile
        for profile_id, profile in state.profiles.items()
        if profile.domain_id != found.domain_id
    }


def find(context: Context, domain_id: str) -> VoiceProfileDomain:
    """Return the domain with this id.

    Raises:
        ServiceError: NotFoundException.
    """
    found = context.state.domains.get(domain_id)
    if found is None:
        message = f"There is no voice profile domain {domain_id} in {context.state.region}."
        raise not_found(message)
    return found


def _is_searched(context: Context, domain: VoiceProfileDomain) -> bool:
    def searches(task: Task) -> bool:
        return task.request.get("VoiceProfileDomainArn") == domain.arn and not task.ended(context.now)

    return any(searches(task) for task in context.state.tasks.values())


def _domain_output(domain: VoiceProfileDomain) -> Members:
    return {"VoiceProfileDomain": _domain_members(domain)}


def _domain_members(domain: VoiceProfileDomain) -> Members:
    return {
        "VoiceProfileDomainId": domain.domain_id,
        "VoiceProfileDomainArn": domain.arn,
        **domain.members,
        "CreatedTimestamp": to_datetime(domain.created),
        "UpdatedTimestamp": to_datetime(domain.updated),
    }
