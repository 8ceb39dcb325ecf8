"""The arguments of `SpeakerSearch`, checked when they are given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import pulumi

from ..consent.consent_value import Consent
from ..declaration_error import DeclarationError
from ..resources.argument_types import (
    require_consent,
    require_flags,
    require_whole_numbers,
    require_words,
)
from ..resources.ephemeral_options import refuse_recreate_when_ended
from ..resources.readiness import WaitFor
from ..timeouts import TimeoutSeconds
from .voice_analytics import VoiceAnalytics

MAX_CHANNELS: Final = 2
"""Maximum number of channels of a stream [M]."""

DEFAULT_DATA_RETENTION_HOURS: Final = 24
"""KVS keeps nothing by default [D]; a day lets an interrupted pipeline start again where it was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakerSearchArgs:
    """What `SpeakerSearch` takes.

    Attributes:
        analytics: Gives domain, key and configuration; each can be given by itself instead.
        consent: The consent of this search, which becomes tags of stream, pipeline and task.
        kinesis_video_stream_arn: An existing stream; by default one is created.
        data_retention_hours: How long the created stream keeps its media, in hours, 1 or more.
        media_sample_rate: Hertz, 8000 to 48000.
        channel_roles: Who speaks on channel 0 and 1: `AGENT` or `CUSTOMER`. One or two.
        channel_id: The channel that is searched, 0 or 1.
        fragment_number: The search begins with the chunk after this one; by default with the latest.
        triggers: Any value; a change creates a new pipeline and starts a new search on it, which needs fresh consent.
        listen: False stops the running task and starts nothing. So does a consent that is not in force.
        wait_for: What the run waits for: `accepted`, `running` or `ended`.
        verify_live_tags: Whether domain, stream and pipeline must carry complete consent tags in AWS at the start.
        voice_tone_analysis: Whether the tone of the voice on this channel is analysed as well, under the same consent.
            AWS forbids decisions about a person by it with legal or similarly significant effects [D va-tone-flow].
        recreate_when_ended: Not supported any more; change `triggers`.
        ledger: Whether starts are recorded in the pipeline's tags.
        adopt_pipeline, adopt_task: Ids of a running pipeline and task to take over.
        adopt_voice_tone_analysis_task: Id of a running voice tone analysis to take over.
        stop_on_delete: Whether delete stops them; False releases them.
        timeout_seconds: Seconds for each operation, for pipeline and task each.
        tags: More tags, for all resources.
    """

    consent: Consent
    analytics: VoiceAnalytics | None = None
    voice_profile_domain_arn: pulumi.Input[str] | None = None
    media_insights_pipeline_configuration_arn: pulumi.Input[str] | None = None
    kms_key_arn: pulumi.Input[str] | None = None
    kinesis_video_stream_arn: pulumi.Input[str] | None = None
    data_retention_hours: int = DEFAULT_DATA_RETENTION_HOURS
    media_sample_rate: int = 8000
    channel_roles: Sequence[str] = ("CUSTOMER",)
    channel_id: int = 0
    fragment_number: str | None = None
    triggers: Any = None
    listen: bool = True
    wait_for: str = WaitFor.RUNNING
    verify_live_tags: bool = False
    voice_tone_analysis: bool = False
    recreate_when_ended: None = None
    ledger: bool = True
    adopt_pipeline: str | None = None
    adopt_task: str | None = None
    adopt_voice_tone_analysis_task: str | None = None
    stop_on_delete: bool = True
    timeout_seconds: TimeoutSeconds | None = None
    tags: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        where = "SpeakerSearch"
        refuse_recreate_when_ended(where, self.recreate_when_ended)
        require_flags(
            where,
            listen=self.listen,
            verify_live_tags=self.verify_live_tags,
            voice_tone_analysis=self.voice_tone_analysis,
            ledger=self.ledger,
            stop_on_delete=self.stop_on_delete,
        )
        require_whole_numbers(
            where,
            data_retention_hours=self.data_retention_hours,
            media_sample_rate=self.media_sample_rate,
            channel_id=self.channel_id,
        )
        require_words(where, channel_roles=self.channel_roles)
        require_consent(where, self.consent, self.tags)
        if self.data_retention_hours < 1:
            raise DeclarationError(
                f"data_retention_hours is {self.data_retention_hours}; it has to be 1 or more"
            )
        if not 1 <= len(self.channel_roles) <= MAX_CHANNELS:
            raise DeclarationError(
                f"channel_roles names {len(self.channel_roles)} channels; it has to be 1 or 2"
            )
        if self.channel_id not in range(MAX_CHANNELS):
            raise DeclarationError(f"channel_id is {self.channel_id}; it has to be 0 or 1")
        if self.analytics is None and None in (
            self.voice_profile_domain_arn,
            self.media_insights_pipeline_configuration_arn,
        ):
            raise DeclarationError(
                "give analytics, or voice_profile_domain_arn and media_insights_pipeline_configuration_arn"
            )
        self._check_voice_tone_analysis()

    def _check_voice_tone_analysis(self) -> None:
        if not self.voice_tone_analysis:
            if self.adopt_voice_tone_analysis_task is not None:
                raise DeclarationError(
                    "adopt_voice_tone_analysis_task is given without voice_tone_analysis=True; give both, or neither"
                )
            return
        analytics, given = self.analytics, self.media_insights_pipeline_configuration_arn
        made_here = analytics and analytics.args.media_insights_pipeline_configuration_arn is None
        if analytics and made_here and given is None and not analytics.args.voice_tone_analysis:
            raise DeclarationError(
                f"voice_tone_analysis is True, but the configuration of VoiceAnalytics {analytics.name} has voice tone "
                "analysis disabled; declare VoiceAnalyticsArgs(voice_tone_analysis=True) as well"
            )
