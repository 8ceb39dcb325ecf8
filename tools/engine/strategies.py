"""Try the strategies for an engine in order: PATH, the official installation, a build from Go modules."""

from collections.abc import Callable, Mapping
from pathlib import Path

from tools.engine import from_path, go_build, official_install, record
from tools.engine.installation import StrategyUnavailableError
from tools.errors import SetupError
from tools.progress import Progress

Strategy = Callable[[Path, Progress, Mapping[str, str]], record.Engine]

STRATEGIES: tuple[tuple[str, Strategy], ...] = (
    ("pulumi on PATH", from_path.use),
    ("the official installation", official_install.use),
    ("a build from Go modules", go_build.use),
)
OLDEST = ".".join(str(part) for part in record.OLDEST_VERSION)


def prepare_engine(
    root: Path,
    progress: Progress,
    environment: Mapping[str, str],
    strategies: tuple[tuple[str, Strategy], ...] = STRATEGIES,
) -> record.Engine:
    """Use the first strategy that is available.

    Raises:
        SetupError: None is. The text says why not, and what to install.
    """
    reasons: list[str] = []
    endings = [*(f"; next: {name}." for name, _ in strategies[1:]), "."]
    for (name, strategy), ending in zip(strategies, endings, strict=True):
        try:
            engine = strategy(root, progress, environment)
        except StrategyUnavailableError as error:
            reasons.append(f"  - {name}: {error}")
            progress.say(f"Engine: {name}: {error}{ending}")
        else:
            progress.say(f"Engine: Pulumi {engine.version} ({engine.kind}) is in .engine/bin.")
            return engine
    raise SetupError(
        "no Pulumi engine could be prepared.\n"
        + "\n".join(reasons)
        + f"\nInstall one of these, then run make setup again:\n"
        f"  - Pulumi {OLDEST} or newer on PATH: https://www.pulumi.com/docs/install/\n"
        f"  - Go {go_build.needed_go(root)} or newer, with access to a Go module proxy: https://go.dev/dl/"
    )
