"""Statuses of a pipeline's elements, and the pipeline's own, which is derived from them.

Amazon Chime SDK Developer Guide, "Understanding the call analytics statuses" (call-analytics-statuses).
"""

from collections.abc import Collection, Iterable

from sandbox.account.context import Context
from sandbox.account.state import Configuration, Pipeline
from sandbox.account.status_timeline import Timeline
from sandbox.aws_protocol.members import Members
from sandbox.services.media_pipelines.configurations import VOICE_ANALYTICS, element_types

HAVE_STATUS = frozenset(
    {
        "AmazonTranscribeProcessor",
        "AmazonTranscribeCallAnalyticsProcessor",
        "S3RecordingSink",
        "VoiceAnalyticsProcessor",
        "VoiceEnhancementSink",
    }
)
"""Other elements, most sinks among them, have none."""
WITHOUT_STATUS = "pipeline"
"""Stands for the elements of a pipeline none of whose elements has a status."""

# The pipeline has the first of these statuses that one of its elements has.
PRECEDENCE = ("InProgress", "Initializing", "Stopping", "Failed", "Paused", "Stopped")


def initial(context: Context, configuration: Configuration) -> dict[str, Timeline]:
    """Return the timelines of a new pipeline's elements, by type.

    Voice analytics waits for its first task; the other elements begin at once.
    """
    kinds = sorted(element_types(configuration) & HAVE_STATUS) or [WITHOUT_STATUS]
    return {kind: context.begin(_first_event(context, kind)) for kind in kinds}


def _first_event(context: Context, kind: str) -> str:
    switches = context.settings.switches
    waits = switches.pipeline_status == "elements" and switches.task_start_on == "any"
    return (
        "pipeline waits"
        if kind == VOICE_ANALYTICS and waits and not context.fails_later
        else "pipeline begins"
    )


def begin_voice_analytics(context: Context, pipeline: Pipeline) -> None:
    """Begin voice analytics, if no earlier task has."""
    timeline = pipeline.elements.get(VOICE_ANALYTICS)
    if timeline is not None and timeline.status(context.now) == "NotStarted":
        pipeline.elements[VOICE_ANALYTICS] = context.advance(timeline, "pipeline begins")
        pipeline.timeline = combined(pipeline.elements.values())


def apply_to_all(context: Context, pipeline: Pipeline, event: str, when: float) -> None:
    """Apply an event of `SEQUENCES` to all elements. An element that had not begun before a pause waits after it."""
    for kind, timeline in pipeline.elements.items():
        waits = event == "pipeline resumed" and not timeline.has_been("InProgress", when)
        pipeline.elements[kind] = context.advance(timeline, "pipeline waits" if waits else event, when)
    pipeline.timeline = combined(pipeline.elements.values())


def force(context: Context, pipeline: Pipeline, status: str) -> None:
    """Give all elements a status from now on."""
    pipeline.elements = {
        kind: timeline.forced(status, context.now) for kind, timeline in pipeline.elements.items()
    }
    pipeline.timeline = combined(pipeline.elements.values())


def combined(timelines: Collection[Timeline]) -> Timeline:
    """Return the timeline of a pipeline whose elements have these."""
    if len(timelines) == 1:
        return next(iter(timelines))
    entries: list[tuple[float, str]] = []
    for when in sorted({begin for timeline in timelines for begin, _ in timeline.entries}):
        status = _combined_status(timeline.status(when) for timeline in timelines)
        if not entries or entries[-1][1] != status:
            entries.append((when, status))
    return Timeline(tuple(entries))


def to_members(pipeline: Pipeline, when: float, shown: str | None = None) -> list[Members]:
    """Return ElementStatuses as in GetMediaPipeline; `shown`: a status that replaces those of the elements."""
    return [
        {"Type": kind, "Status": shown or timeline.status(when)}
        for kind, timeline in pipeline.elements.items()
        if kind in HAVE_STATUS
    ]


def _combined_status(statuses: Iterable[str]) -> str:
    present = set(statuses)
    return next((status for status in PRECEDENCE if status in present), min(present))
