"""Statuses of a pipeline's elements, and the pipeline's own, which follows from them.

Amazon Chime SDK Developer Guide, "Understanding the call analytics statuses" (call-analytics-statuses).
"""

from collections.abc import Collection, Iterable

from sandbox.account.context import Context
from sandbox.account.state import Configuration, Members, Pipeline
from sandbox.account.timeline import Timeline
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
"""Other elements, sinks above all, have none."""
WITHOUT_STATUS = "pipeline"
"""Stands for the elements of a pipeline none of whose elements has a status."""

# One element in this status decides; the first that fits.
DECISIVE = ("InProgress", "Initializing", "Stopping", "Failed", "Paused", "Stopped")


def begun(context: Context, configuration: Configuration) -> dict[str, Timeline]:
    """Type of element → its time line. Voice analytics waits for its first task; the rest begins at once."""
    kinds = sorted(element_types(configuration) & HAVE_STATUS) or [WITHOUT_STATUS]
    return {kind: context.begin(_first_plan(context, kind)) for kind in kinds}


def _first_plan(context: Context, kind: str) -> str:
    switches = context.settings.switches
    waits = switches.pipeline_status == "elements" and switches.task_start_on == "any"
    return (
        "pipeline waits"
        if kind == VOICE_ANALYTICS and waits and not context.fails_later
        else "pipeline begins"
    )


def begin_voice_analytics(context: Context, pipeline: Pipeline) -> None:
    """What the first task does."""
    line = pipeline.elements.get(VOICE_ANALYTICS)
    if line is not None and line.status(context.now) == "NotStarted":
        pipeline.elements[VOICE_ANALYTICS] = context.advance(line, "pipeline begins")
        pipeline.timeline = together(pipeline.elements.values())


def change(context: Context, pipeline: Pipeline, plan: str, when: float) -> None:
    """All elements at once: an end, a pause. What had not begun before a pause has not begun after it."""
    for kind, line in pipeline.elements.items():
        waits = plan == "pipeline resumed" and not line.has_been("InProgress", when)
        pipeline.elements[kind] = context.advance(line, "pipeline waits" if waits else plan, when)
    pipeline.timeline = together(pipeline.elements.values())


def force(context: Context, pipeline: Pipeline, status: str) -> None:
    pipeline.elements = {kind: line.forced(status, context.now) for kind, line in pipeline.elements.items()}
    pipeline.timeline = together(pipeline.elements.values())


def together(lines: Collection[Timeline]) -> Timeline:
    """The pipeline's time line."""
    if len(lines) == 1:
        return next(iter(lines))
    entries: list[tuple[float, str]] = []
    for moment in sorted({moment for line in lines for moment, _ in line.entries}):
        status = _decided(line.status(moment) for line in lines)
        if not entries or entries[-1][1] != status:
            entries.append((moment, status))
    return Timeline(tuple(entries))


def described(pipeline: Pipeline, when: float, shown: str | None = None) -> list[Members]:
    """As GetMediaPipeline has them. `shown`: a status to show in place of theirs."""
    return [
        {"Type": kind, "Status": shown or line.status(when)}
        for kind, line in pipeline.elements.items()
        if kind in HAVE_STATUS
    ]


def _decided(statuses: Iterable[str]) -> str:
    words = set(statuses)
    return next((word for word in DECISIVE if word in words), min(words))
