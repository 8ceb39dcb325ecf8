"""Searches of a stream that is there; SEARCHES holds, as JSON, the ARNs and what is declared by name."""

import json
import os

import pulumi
from pulumi_speaker_search import Consent, SpeakerSearch, SpeakerSearchArgs

given = json.loads(os.environ["SEARCHES"])
for name, more in given["searches"].items():
    aliases = [pulumi.Alias(name=former) for former in more.pop("aliases", [])]
    search = SpeakerSearch(
        name,
        SpeakerSearchArgs(
            consent=Consent(**given["consent"]),
            voice_profile_domain_arn=given["domain_arn"],
            media_insights_pipeline_configuration_arn=given["configuration_arn"],
            kinesis_video_stream_arn=given["stream_arn"],
            channel_roles=("AGENT", "CUSTOMER"),
            **more,
        ),
        opts=pulumi.ResourceOptions(aliases=aliases),
    )
    pulumi.export(name, search.ready)
