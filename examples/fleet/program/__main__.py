"""What every stack of the fleet is: one `VoiceAnalytics`, and the searches that its config lists."""

import pulumi
from pulumi_speaker_search import SpeakerSearch, SpeakerSearchArgs, VoiceAnalytics, VoiceAnalyticsArgs
from pulumi_speaker_search.program_config import InvalidConfigError, read_config

try:
    config = read_config(pulumi.Config().get, pulumi.get_project())
except InvalidConfigError as problem:
    raise pulumi.RunError(str(problem)) from None

analytics = VoiceAnalytics(
    "voice-analytics",
    VoiceAnalyticsArgs(consent=config.consent, sink=config.sink, protect_domain=config.protect_domain),
)
searches = [
    SpeakerSearch(
        search.name,
        SpeakerSearchArgs(
            analytics=analytics,
            consent=config.consent,
            media_sample_rate=search.media_sample_rate,
            triggers=search.triggers,
            listen=search.listen,
        ),
    )
    for search in config.searches
]
pulumi.export("outcomes", {search.name: search.outcome for search in searches})
