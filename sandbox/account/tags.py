"""Tags: AWS's limits, and the three tagging operations of the Chime APIs and of Kinesis Video Streams."""

import re
from collections.abc import Callable, Mapping

from sandbox.account.context import Context
from sandbox.account.state import Members, Pipeline
from sandbox.account.timeline import ENDED, GONE
from sandbox.aws_protocol.errors import ServiceError, bad_request, not_found

# `\w` covers letters, digits and `_`; the rest are AWS's separators and signs.
ALLOWED = re.compile(r"[\w \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000.:/=+\-@]*")
MOST_PER_VOICE_RESOURCE = 50
MOST_PER_STREAM = 50

Complaint = Callable[[str], ServiceError]


def from_list(entries: list[Mapping[str, str]] | None, complaint: Complaint = bad_request) -> dict[str, str]:
    """[{"Key", "Value"}] → {key: value}, checked. A key that stands twice is refused."""
    keys = [entry["Key"] for entry in entries or []]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        message = f"The tag key {twice[0]!r} stands more than once in the request."
        raise complaint(message)
    return checked({entry["Key"]: entry["Value"] for entry in entries or []}, complaint)


def of_new_pipeline(context: Context, members: Members) -> dict[str, str]:
    """The tags of a create, of a pipeline or a configuration."""
    return merged({}, from_list(members.get("Tags")), context.settings.quotas.tags_per_pipeline)


def checked(tags: dict[str, str], complaint: Complaint = bad_request) -> dict[str, str]:
    """What the models leave out: reserved keys and AWS's character set."""
    for key, value in tags.items():
        if key.lower().startswith("aws:"):
            message = f"The tag key {key!r} begins with aws:, which is reserved."
            raise complaint(message)
        if not ALLOWED.fullmatch(key) or not ALLOWED.fullmatch(value):
            message = f"Tag {key!r}: keys and values take letters, digits, spaces and _ . : / = + - @ only."
            raise complaint(message)
    return tags


def merged(
    old: Mapping[str, str], new: Mapping[str, str], most: int, complaint: Complaint = bad_request
) -> dict[str, str]:
    both = {**old, **new}
    if len(both) > most:
        message = f"The resource would have {len(both)} tags; it can have {most}."
        raise complaint(message)
    return both


def to_list(tags: Mapping[str, str]) -> list[Members]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def is_voice_arn(arn: str) -> bool:
    """Which of the two Chime APIs a shared `/tags` request is for: the ARN's resource type tells."""
    return re.match(r"arn:[^:]*:chime:[^:]*:[^:]*:(?!media-)", arn) is not None


def tag_resource(context: Context, members: Members) -> None:
    tags, most = _tags_of(context, members["ResourceARN"])
    new = merged(tags, from_list(members["Tags"]), most)
    tags.update(new)


def untag_resource(context: Context, members: Members) -> None:
    tags, _ = _tags_of(context, members["ResourceARN"])
    for key in members["TagKeys"]:
        tags.pop(key, None)


def list_tags_for_resource(context: Context, members: Members) -> Members:
    tags, _ = _tags_of(context, members["ResourceARN"])
    return {"Tags": to_list(tags)}


def _is_hidden(context: Context, pipeline: Pipeline) -> bool:
    """Gone, too new to be found (a setting), or ended (a switch)."""
    kept = context.settings.switches.ended_pipeline_tags == "kept"
    too_new = context.now - pipeline.created < context.settings.transitions.not_found_after_create_seconds
    return too_new or pipeline.timeline.status(context.now) in ({GONE} if kept else ENDED)


def _tags_of(context: Context, arn: str) -> tuple[dict[str, str], int]:
    """The tags of a live resource, to be changed in place, and how many it can have."""
    state, most = context.state, context.settings.quotas.tags_per_pipeline
    for pipeline in state.pipelines.values():
        if pipeline.arn == arn and not _is_hidden(context, pipeline):
            return pipeline.tags, most
    for configuration in state.configurations.values():
        if configuration.arn == arn:
            return configuration.tags, most
    for domain in state.domains.values():
        if domain.arn == arn:
            return domain.tags, MOST_PER_VOICE_RESOURCE
    if ":voice-profile/" in arn or "-task/" in arn:
        message = f"{arn}: resources of this type can't be tagged."
        raise bad_request(message)
    message = f"There is no resource {arn} that could be tagged."
    raise not_found(message)
