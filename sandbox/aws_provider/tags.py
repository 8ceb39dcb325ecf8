"""Tags: merge the provider's defaults with the resource's own, and separate them in AWS's response."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.aws_provider.aws_calls import AwsCalls
from sandbox.aws_provider.configuration import Configuration
from sandbox.aws_provider.property_values import UNKNOWN, has_unknown
from sandbox.aws_provider.schema import State, Tagging


def all_tags(tags: Any, configuration: Configuration) -> Any:
    """Return `tagsAll` for inputs: the resource's tags over the defaults; unknown if any tag is unknown."""
    if has_unknown(tags) or has_unknown(configuration.default_tags):
        return UNKNOWN
    merged = {**configuration.default_tags, **(tags or {})}
    return {key: value for key, value in merged.items() if not configuration.ignored_tags.hide(key)}


def tags_to_send(inputs: State) -> dict[str, str]:
    """Return the tags that a create sends, as text."""
    return {key: str(value) for key, value in (inputs.get("tagsAll") or {}).items()}


def tag_outputs(found: Mapping[str, str], old_tags: Any, configuration: Configuration) -> State:
    """Return `tags` and `tagsAll` from AWS's response.

    A tag that equals a default is the provider's, unless the resource's own tags name it too. Tags under
    `aws:` are AWS's and are never shown.
    """
    shown = {
        key: value
        for key, value in found.items()
        if not key.startswith("aws:") and not configuration.ignored_tags.hide(key)
    }
    own = {
        key: value
        for key, value in shown.items()
        if configuration.default_tags.get(key) != value or key in (old_tags or {})
    }
    return {"tags": own, "tagsAll": shown}


def as_list(
    tags: Mapping[str, str], names: tuple[str, str] = ("Key", "Value")
) -> list[dict[str, str]] | None:
    """Convert tags to the list form of most services; None without tags, which omits the member."""
    return [{names[0]: key, names[1]: value} for key, value in sorted(tags.items())] or None


def find_tags(aws: AwsCalls, service: str, tagging: Tagging, id_: str, state: State) -> dict[str, str]:
    """Return the tags of a resource in AWS."""
    found: dict[str, str] = {}
    page: dict[str, Any] = {}
    while True:
        response = aws.call(
            service,
            tagging.list_,
            **{tagging.member: _identifier(tagging, id_, state)},
            **tagging.list_members,
            **page,
        )
        tags = response.get("Tags") or {}
        if tagging.listed_as_list:
            key_name, value_name = tagging.listed_as_list
            tags = {tag[key_name]: tag.get(value_name, "") for tag in tags}
        found.update(tags)
        if not (token := response.get("NextToken")):
            return found
        page = {"NextToken": token}


def change_tags(
    aws: AwsCalls,
    service: str,
    tagging: Tagging,
    id_: str,
    state: State,
    *,
    old: Mapping[str, str],
    new: Mapping[str, str],
) -> None:
    """Change a resource's tags from `old` to `new` with at most two calls."""
    resource = {tagging.member: _identifier(tagging, id_, state)}
    gone = sorted(set(old) - set(new))
    changed = {key: str(value) for key, value in new.items() if old.get(key) != value}
    if gone:
        aws.call(service, tagging.untag, **resource, **{tagging.untag_keys: gone})
    if changed:
        sent = as_list(changed, tagging.as_list) if tagging.as_list else changed
        aws.call(service, tagging.tag, **resource, Tags=sent)


def _identifier(tagging: Tagging, id_: str, state: State) -> str:
    return id_ if tagging.identified_by == "id" else str(state[tagging.identified_by])
