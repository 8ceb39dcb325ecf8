"""Rows that many tables share, so that each is written once."""

from __future__ import annotations

from sandbox.aws_provider.schema import Kind, Property, Tagging

#: Since version 7 every regional resource has it; check fills it from the provider.
REGION = Property("region", computed=True, force_new=True, pattern=r"[a-z]{2}(-[a-z]+)+-\d")
TAGS = Property("tags", Kind.TEXT_MAP)
#: Filled by check: the provider's default tags under the resource's own.
TAGS_ALL = Property("tagsAll", Kind.TEXT_MAP, computed=True, output_only=True)
ARN = Property("arn", computed=True, output_only=True)

ARN_PATTERN = r"arn:[\w-]+:[\w-]+:[\w-]*:(\d{12}|aws)?:.+"

#: Both Chime APIs tag a resource by its ARN.
CHIME_TAGGING = Tagging(
    tag="tag_resource",
    untag="untag_resource",
    list_="list_tags_for_resource",
    member="ResourceARN",
    identified_by="arn",
)


def name_row(*, pattern: str = "", sent_as: str = "", force_new: bool = True) -> Property:
    """Return the row `name` of a type without `namePrefix`."""
    return Property("name", required=True, force_new=force_new, pattern=pattern, sent_as=sent_as)


def name_and_prefix_rows(*, pattern: str = "") -> tuple[Property, Property]:
    """Return the rows `name` and `namePrefix`, which exclude each other."""
    return (
        Property("name", computed=True, force_new=True, pattern=pattern, conflicts_with=("namePrefix",)),
        Property("namePrefix", computed=True, force_new=True, conflicts_with=("name",)),
    )


def output(name: str, kind: Kind = Kind.TEXT, sent_as: str = "") -> Property:
    """Return the row of a property that only AWS sets."""
    return Property(name, kind, computed=True, output_only=True, sent_as=sent_as)
