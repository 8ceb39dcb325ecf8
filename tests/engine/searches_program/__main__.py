"""Searches of streams that are there; SEARCHES holds, as JSON, the ARNs and what is declared by name.

`aliases`: former names, or URNs. `within`: the name of a component above. `stream`: which of the streams that are
there; without it, the search makes one.
"""

import json
import os

import pulumi
from pulumi_speaker_search import Consent, SpeakerSearch, SpeakerSearchArgs


class Group(pulumi.ComponentResource):
    """Somebody's own component."""

    def __init__(self, name: str) -> None:
        super().__init__("somebody:Group", name)


given = json.loads(os.environ["SEARCHES"])
for name, more in given["searches"].items():
    former = more.pop("aliases", [])
    within = more.pop("within", None)
    stream = more.pop("stream", None)
    stream_arn = None if stream is None else given["stream_arns"][stream]
    search = SpeakerSearch(
        name,
        SpeakerSearchArgs(
            consent=Consent(**given["consent"]),
            voice_profile_domain_arn=given["domain_arn"],
            media_insights_pipeline_configuration_arn=given["configuration_arn"],
            kinesis_video_stream_arn=stream_arn,
            channel_roles=("AGENT", "CUSTOMER"),
            **more,
        ),
        opts=pulumi.ResourceOptions(
            parent=Group(within) if within else None,
            aliases=[one if one.startswith("urn:") else pulumi.Alias(name=one) for one in former],
        ),
    )
    pulumi.export(name, search.ready)
