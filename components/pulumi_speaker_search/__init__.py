"""Amazon Chime SDK speaker search as infrastructure code.

Names are loaded when they are used: the provider process imports `pulumi_speaker_search.providers`, and must not
pay for `pulumi_aws` and the components.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from .consent import InvalidConsentError
    from .declared_consent import Consent
    from .media_insights_pipeline import MediaInsightsPipeline
    from .speaker_search import SpeakerSearch, SpeakerSearchArgs
    from .speaker_search_task import SpeakerSearchTask
    from .voice_analytics import VoiceAnalytics, VoiceAnalyticsArgs

_HOMES: Final = {
    "Consent": ".declared_consent",
    "InvalidConsentError": ".consent",
    "MediaInsightsPipeline": ".media_insights_pipeline",
    "SpeakerSearch": ".speaker_search",
    "SpeakerSearchArgs": ".speaker_search",
    "SpeakerSearchTask": ".speaker_search_task",
    "VoiceAnalytics": ".voice_analytics",
    "VoiceAnalyticsArgs": ".voice_analytics",
}

__all__ = [
    "Consent",
    "InvalidConsentError",
    "MediaInsightsPipeline",
    "SpeakerSearch",
    "SpeakerSearchArgs",
    "SpeakerSearchTask",
    "VoiceAnalytics",
    "VoiceAnalyticsArgs",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name], __name__), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
