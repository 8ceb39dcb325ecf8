"""TagResource, UntagResource and ListTagsForResource, which both Chime APIs offer at the same path, `/tags`."""

import re

from sandbox.account import tags
from sandbox.account.context import Context
from sandbox.account.state import Pipeline
from sandbox.account.status_timeline import ENDED, GONE
from sandbox.aws_protocol.errors import bad_request, not_found
from sandbox.aws_protocol.members import Members


def is_voice_arn(arn: str) -> bool:
    """Return whether the resource type of the ARN belongs to the voice API rather than to media pipelines."""
    return re.match(r"arn:[^:]*:chime:[^:]*:[^:]*:(?!media-)", arn) is not None


def tag_resource(context: Context, members: Members) -> None:
    """Add tags, within the limit of the resource."""
    current, limit = _find_tags(context, members["ResourceARN"])
    current.update(tags.merged(current, tags.from_list(members["Tags"]), limit))


def untag_resource(context: Context, members: Members) -> None:
    """Remove tags; keys that are not there are ignored."""
    current, _ = _find_tags(context, members["ResourceARN"])
    for key in members["TagKeys"]:
        current.pop(key, None)


def list_tags_for_resource(context: Context, members: Members) -> Members:
    """List the tags of a resource."""
    current, _ = _find_tags(context, members["ResourceARN"])
    return {"Tags": tags.to_list(current)}


def _find_tags(context: Context, arn: str) -> tuple[dict[str, str], int]:
    """Return the tags of a live resource, to be changed in place, and their maximum number."""
    state, limit = context.state, context.settings.quotas.tags_per_pipeline
    for pipeline in state.pipelines.values():
        if pipeline.arn == arn and not _is_hidden(context, pipeline):
            return pipeline.tags, limit
    for configuration in state.configurations.values():
        if configuration.arn == arn:
            return configuration.tags, limit
    for domain in state.domains.values():
        if domain.arn == arn:
            return domain.tags, tags.MAX_PER_VOICE_RESOURCE
    if ":voice-profile/" in arn or "-task/" in arn:
        message = f"{arn}: resources of this type can't be tagged."
        raise bad_request(message)
    message = f"There is no resource {arn} that could be tagged."
    raise not_found(message)


def _is_hidden(context: Context, pipeline: Pipeline) -> bool:
    """Return whether the pipeline is gone, too new to be found (a setting), or ended (a switch)."""
    kept = context.settings.switches.ended_pipeline_tags == "kept"
    too_new = context.now - pipeline.created < context.settings.transitions.not_found_after_create_seconds
    return too_new or pipeline.timeline.status(context.now) in ({GONE} if kept else ENDED)
