"""A VoiceAnalytics and `bench:searches` searches; with `bench:streamArn` on a stream that is there."""

import pulumi
from pulumi_speaker_search import (
    Consent,
    SpeakerSearch,
    SpeakerSearchArgs,
    VoiceAnalytics,
    VoiceAnalyticsArgs,
)

config = pulumi.Config("bench")
consent = Consent(
    schema="speaker-search:1.0",
    record_ref="benchmark/synthetic-voices/0001",
    notice="synthetic-voices:v1",
    purpose="demonstration",
    basis="eu-gdpr:A9-2-a",
    jurisdiction="US-WA",
    status="given",
    expires="2099-01-01",
    retention_days=30,
)
analytics = VoiceAnalytics("voice-analytics", VoiceAnalyticsArgs(consent=consent, protect_domain=False))
for number in range(config.require_int("searches")):
    SpeakerSearch(
        f"search-{number:04}",
        SpeakerSearchArgs(
            analytics=analytics,
            consent=consent,
            kinesis_video_stream_arn=config.get("streamArn"),
            ledger=config.get_bool("ledger") is not False,
        ),
    )
pulumi.export("domain", analytics.voice_profile_domain_arn)
pulumi.export("configuration", analytics.media_insights_pipeline_configuration_arn)
pulumi.export("key", analytics.kms_key_arn)
