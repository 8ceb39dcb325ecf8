"""The order in which an engine is looked for: PATH, the official install, a build from Go modules."""

from collections.abc import Callable, Mapping
from pathlib import Path

from tools.engine import from_path, go_build, official_install, record
from tools.engine.placing import WayClosedError
from tools.errors import SetupError
from tools.progress import Progress

Way = Callable[[Path, Progress, Mapping[str, str]], record.Engine]

WAYS: tuple[tuple[str, Way], ...] = (
    ("pulumi on PATH", from_path.use),
    ("the official install", official_install.use),
    ("a build from Go modules", go_build.use),
)
OLDEST = ".".join(str(part) for part in record.OLDEST_VERSION)


def prepare_engine(
    root: Path,
    progress: Progress,
    environment: Mapping[str, str],
    ways: tuple[tuple[str, Way], ...] = WAYS,
) -> record.Engine:
    """Take the first way that is open; where none is, SetupError says why not and what to install."""
    closed: list[str] = []
    following = [*(f"; next: {name}." for name, _ in ways[1:]), "."]
    for (name, way), then in zip(ways, following, strict=True):
        try:
            engine = way(root, progress, environment)
        except WayClosedError as reason:
            closed.append(f"  - {name}: {reason}")
            progress.say(f"Engine: {name}: {reason}{then}")
        else:
            progress.say(f"Engine: Pulumi {engine.version} ({engine.kind}) is in .engine/bin.")
            return engine
    raise SetupError(
        "no Pulumi engine could be prepared.\n"
        + "\n".join(closed)
        + f"\nInstall one of these and call make setup again:\n"
        f"  - Pulumi {OLDEST} or newer on PATH: https://www.pulumi.com/docs/install/\n"
        f"  - Go {go_build.needed_go(root)} or newer, with a Go module proxy in reach: https://go.dev/dl/"
    )
