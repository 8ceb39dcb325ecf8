"""Declare one stack of the fleet: one `VoiceAnalytics`, and the searches that its config lists."""

import pulumi
from pulumi_speaker_search import SpeakerSearch, VoiceAnalytics
from speaker_search_program.arguments import analytics_args, search_args
from speaker_search_program.config import config_of_this_stack

config = config_of_this_stack()
analytics = VoiceAnalytics("voice-analytics", analytics_args(config))
searches = [SpeakerSearch(search.name, search_args(search, config, analytics)) for search in config.searches]
pulumi.export("outcomes", {search.name: search.outcome for search in searches})
