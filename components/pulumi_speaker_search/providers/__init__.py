"""The providers of the dynamic resources.

The classes are pickled by reference: state holds the dotted path `pulumi_speaker_search.providers.CLASS` and
nothing else, so the path is a promise to everybody's state, wherever a class is defined; instances carry no attributes
in the program. The provider process imports this package and what it needs, neither `pulumi_aws` nor the components.

No resource leaves state by itself: what has ended, or what AWS does not know any more, stays there with its
outcome, and nothing is started in its place until the declaration asks for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .ephemeral_provider import EphemeralProvider
from .pipeline_provider import PipelineProvider
from .task_provider import TaskProvider, VoiceToneAnalysisTaskProvider

if TYPE_CHECKING:
    from .voice_profile_provider import VoiceProfileProvider

__all__ = [
    "EphemeralProvider",
    "PipelineProvider",
    "TaskProvider",
    "VoiceProfileProvider",
    "VoiceToneAnalysisTaskProvider",
]

for _provider in (EphemeralProvider, PipelineProvider, TaskProvider, VoiceToneAnalysisTaskProvider):
    _provider.__module__ = __name__


def __getattr__(name: str) -> Any:
    """Load the provider of voice profiles when it is used: the processes of searches start without it."""
    if name != "VoiceProfileProvider":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from .voice_profile_provider import VoiceProfileProvider

    globals()[name] = VoiceProfileProvider
    return VoiceProfileProvider
