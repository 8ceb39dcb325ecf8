"""What each key of the program's config takes, as data."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pulumi_speaker_search.components.resource_names import SEARCH_NAME
from pulumi_speaker_search.consent.vocabulary import PREFIX
from pulumi_speaker_search.lifecycle.ledger import PREFIX as LEDGER_PREFIX
from pulumi_speaker_search.lifecycle.request_schema import CREATE_MEDIA_INSIGHTS_PIPELINE, Group, Number
from pulumi_speaker_search.resources.readiness import WaitFor

from .config_values import flag, list_of, one_of, text, text_of, whole

MAX_RETENTION_HOURS: Final = 87_600
"""Ten years, the most that Kinesis Video Streams keeps [D]."""

TAG_KEY_PATTERN: Final = r"(?!(?i:aws:)|consent:|speaker-search:)[A-Za-z0-9 _.:/=+@-]{1,128}"
TAG_VALUE_PATTERN: Final = r"[A-Za-z0-9 _.:/=+@-]{1,256}"
"""What every AWS service takes in a tag."""


def _sample_rate() -> Number:
    source = CREATE_MEDIA_INSIGHTS_PIPELINE["kinesis_video_stream_source_runtime_configuration"]
    assert isinstance(source, Group)  # by the table
    rate = source.members["media_sample_rate"]
    assert isinstance(rate, Number)
    return rate


TAG_KEY: Final = text_of(
    TAG_KEY_PATTERN,
    f"1 to 128 of letters, digits, spaces and _ . : / = + - @, and no key that begins with aws:, {PREFIX} or "
    f"{LEDGER_PREFIX}",
)
TAG_VALUE: Final = text_of(TAG_VALUE_PATTERN, "1 to 256 of letters, digits, spaces and _ . : / = + - @")

SEARCH_READERS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "name": text_of(SEARCH_NAME.pattern, SEARCH_NAME.form),
    "mediaSampleRate": whole(_sample_rate().minimum, _sample_rate().maximum),
    "channelRoles": list_of(
        one_of("AGENT", "CUSTOMER"), least=1, most=2, form="a list of one or two of AGENT, CUSTOMER"
    ),
    "channelId": whole(0, 1),
    "dataRetentionHours": whole(1, MAX_RETENTION_HOURS),
    "kinesisVideoStreamArn": text,
    "triggers": text,
    "verifyLiveTags": flag,
    "listen": flag,
    "waitFor": one_of(*WaitFor),
    "voiceToneAnalysis": flag,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchConfig:
    """One entry of `searches`."""

    name: str
    media_sample_rate: int = 8000
    channel_roles: tuple[str, ...] = ("CUSTOMER",)
    channel_id: int = 0
    data_retention_hours: int = 24
    kinesis_video_stream_arn: str | None = None
    triggers: str | None = None
    verify_live_tags: bool = False
    listen: bool = True
    wait_for: str = WaitFor.RUNNING
    voice_tone_analysis: bool = False
