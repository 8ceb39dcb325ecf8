"""Amazon Chime SDK speaker search as infrastructure code: the public names of the package.

What `__all__` lists is the API: it changes only with a line in CHANGELOG.md. Everything else is internal;
docs/architecture.md lists which of it the commands of the same distribution use.

Names are loaded when they are used: the provider process imports `pulumi_speaker_search.providers`, and must not
pay for `pulumi_aws` and the components.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

# The same names three times: for type checkers, for the import at first use, and as the API. Neither a type checker nor
# an editor reads a list that is computed, so tests/unit/package/test_public_surface.py compares the three.
if TYPE_CHECKING:
    from .components.insights_sinks import ExistingSink
    from .components.speaker_search import SpeakerSearch
    from .components.speaker_search_args import SpeakerSearchArgs
    from .components.voice_analytics import VoiceAnalytics, VoiceAnalyticsArgs
    from .consent.consent_value import InvalidConsentError
    from .consent.declared_consent import Consent
    from .declaration_error import DeclarationError
    from .lifecycle.aws_config import InvalidSettingsError
    from .lifecycle.errors import (
        AbandonedError,
        AccountMismatchError,
        ActionError,
        AdoptionError,
        AwsUnavailableError,
        ConflictError,
        ConsentError,
        EndedError,
        EnrolmentError,
        EnrolmentUnknownError,
        GoneError,
        NoRoomError,
        NotFoundError,
        OccupiedError,
        OutcomeUnknownError,
        QuotaFullError,
        RefusedError,
        StopFailedError,
        TokensExhaustedError,
        UnknownStatusError,
        WaitTimeoutError,
    )
    from .lifecycle.outcome import Outcome
    from .resources.analysis_task import KinesisVideoStreamSourceTaskConfiguration
    from .resources.ephemeral_resource import EphemeralArguments
    from .resources.media_insights_pipeline import (
        ChannelDefinition,
        KinesisVideoStreamSourceRuntimeConfiguration,
        MediaInsightsPipeline,
        StreamChannelDefinition,
        StreamConfiguration,
    )
    from .resources.readiness import WaitFor
    from .resources.speaker_search_task import SpeakerSearchTask
    from .resources.voice_profile import VoiceProfile
    from .resources.voice_tone_analysis_task import VoiceToneAnalysisTask
    from .speaker_search_error import SpeakerSearchError
    from .timeouts import TimeoutSeconds

    __version__: str

__all__ = [  # noqa: RUF022 # in the order in which a reader needs them
    # Components and resources
    "VoiceAnalytics",
    "VoiceAnalyticsArgs",
    "SpeakerSearch",
    "SpeakerSearchArgs",
    "MediaInsightsPipeline",
    "SpeakerSearchTask",
    "VoiceToneAnalysisTask",
    "VoiceProfile",
    # Inputs
    "Consent",
    "ExistingSink",
    "WaitFor",
    "TimeoutSeconds",
    "EphemeralArguments",
    "KinesisVideoStreamSourceRuntimeConfiguration",
    "StreamConfiguration",
    "StreamChannelDefinition",
    "ChannelDefinition",
    "KinesisVideoStreamSourceTaskConfiguration",
    # Outputs
    "Outcome",
    # Errors: the tree is drawn in lifecycle/errors.py
    "SpeakerSearchError",
    "DeclarationError",
    "InvalidConsentError",
    "InvalidSettingsError",
    "ActionError",
    "ConsentError",
    "RefusedError",
    "NotFoundError",
    "GoneError",
    "ConflictError",
    "QuotaFullError",
    "AwsUnavailableError",
    "OutcomeUnknownError",
    "EnrolmentError",
    "EnrolmentUnknownError",
    "WaitTimeoutError",
    "EndedError",
    "UnknownStatusError",
    "StopFailedError",
    "TokensExhaustedError",
    "OccupiedError",
    "NoRoomError",
    "AccountMismatchError",
    "AdoptionError",
    "AbandonedError",
    # The installed distribution's version
    "__version__",
]

_NAMES: Final = {
    ".consent.consent_value": ("InvalidConsentError",),
    ".declaration_error": ("DeclarationError",),
    ".consent.declared_consent": ("Consent",),
    ".lifecycle.aws_config": ("InvalidSettingsError",),
    ".lifecycle.errors": (
        "AbandonedError",
        "AccountMismatchError",
        "ActionError",
        "AdoptionError",
        "AwsUnavailableError",
        "ConflictError",
        "ConsentError",
        "EndedError",
        "EnrolmentError",
        "EnrolmentUnknownError",
        "GoneError",
        "NoRoomError",
        "NotFoundError",
        "OccupiedError",
        "OutcomeUnknownError",
        "QuotaFullError",
        "RefusedError",
        "StopFailedError",
        "TokensExhaustedError",
        "UnknownStatusError",
        "WaitTimeoutError",
    ),
    ".lifecycle.outcome": ("Outcome",),
    ".resources.ephemeral_resource": ("EphemeralArguments",),
    ".resources.media_insights_pipeline": (
        "ChannelDefinition",
        "KinesisVideoStreamSourceRuntimeConfiguration",
        "MediaInsightsPipeline",
        "StreamChannelDefinition",
        "StreamConfiguration",
    ),
    ".resources.readiness": ("WaitFor",),
    ".components.insights_sinks": ("ExistingSink",),
    ".components.speaker_search": ("SpeakerSearch",),
    ".components.speaker_search_args": ("SpeakerSearchArgs",),
    ".speaker_search_error": ("SpeakerSearchError",),
    ".resources.analysis_task": ("KinesisVideoStreamSourceTaskConfiguration",),
    ".resources.speaker_search_task": ("SpeakerSearchTask",),
    ".resources.voice_profile": ("VoiceProfile",),
    ".resources.voice_tone_analysis_task": ("VoiceToneAnalysisTask",),
    ".timeouts": ("TimeoutSeconds",),
    ".components.voice_analytics": ("VoiceAnalytics", "VoiceAnalyticsArgs"),
}
_MODULE_OF: Final = {name: module for module, names in _NAMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("pulumi-speaker-search")
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_MODULE_OF[name], __name__), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
