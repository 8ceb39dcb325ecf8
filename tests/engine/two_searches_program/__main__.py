"""Two searches; BROUGHT holds what exists already, and more arguments of each, as JSON. Release 0.1.0 runs it too."""

import json
import os

import pulumi
from pulumi_speaker_search import Consent, SpeakerSearch, SpeakerSearchArgs

brought = json.loads(os.environ["BROUGHT"])
consent = Consent(
    schema="speaker-search:1.0",
    record_ref="synthetic-voices/0001",
    notice="synthetic-voices:v1",
    purpose="demonstration",
    basis="eu-gdpr:A9-2-a",
    jurisdiction="US-WA",
    status="given",
    expires="2099-12-31",
    retention_days=30,
)
for name, arguments in brought["searches"].items():
    search = SpeakerSearch(
        name,
        SpeakerSearchArgs(
            consent=consent,
            voice_profile_domain_arn=brought["domain_arn"],
            media_insights_pipeline_configuration_arn=brought["configuration_arn"],
            tags=brought["tags"],
            **arguments,
        ),
    )
    pulumi.export(name, search.speaker_search_task_id)
