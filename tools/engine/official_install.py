"""Second strategy: Pulumi's official installation, through the Automation API, with a short time-out.

The Automation API fetches an install script without a time-out, and the script calls curl. Both therefore
run in a child process of `.venv`'s Python, which can be ended with all its children.
"""

import shutil
import sys
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tools import child_process
from tools.engine import from_path, installation, record
from tools.engine.installation import StrategyUnavailableError
from tools.progress import Progress

INSTALL_SCRIPT = "https://get.pulumi.com/install.sh"  # the address in pulumi.automation._cmd
REACH_TIMEOUT_SECONDS = 10.0
INSTALL_TIMEOUT_SECONDS = 240.0


@dataclass(frozen=True)
class Step:
    """One call of this file as a program, with its time-out."""

    name: str
    what: str
    timeout_seconds: float


def use(root: Path, progress: Progress, environment: Mapping[str, str]) -> record.Engine:
    """Install into `.engine/official` and link from `.engine/bin`."""
    partial, final = record.folder(root) / "official.partial", record.folder(root) / "official"
    progress.say(
        f"Engine: trying the official installation: at most {REACH_TIMEOUT_SECONDS:.0f} s to reach it, then a "
        "download of about 150 MB."
    )
    shutil.rmtree(partial, ignore_errors=True)
    try:
        _child(root, progress, environment, Step("reach", "reaching Pulumi's site", REACH_TIMEOUT_SECONDS))
        _child(root, progress, environment, Step("install", "installing", INSTALL_TIMEOUT_SECONDS), partial)
        pulumi = partial / "bin" / "pulumi"
        version = from_path.version_of(pulumi, environment)
        installation.siblings(pulumi, [])
        shutil.rmtree(final, ignore_errors=True)
        partial.rename(final)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    installation.link_into_place(root, {name: Path("../official/bin") / name for name in record.PROGRAMS})
    return record.write(root, kind="official", version=version)


def _child(
    root: Path, progress: Progress, environment: Mapping[str, str], step: Step, *arguments: Path
) -> None:
    python = root / ".venv" / "bin" / "python"
    try:
        child_process.run(
            [python, "-m", "tools.engine.official_install", step.name, *arguments],
            what=step.what,
            progress=progress,
            environment=environment,
            folder=root,
            timeout_seconds=step.timeout_seconds,
            failure="not possible here",
        )
    except child_process.CommandTimeoutError as error:
        raise StrategyUnavailableError(
            f"{step.what} took longer than {step.timeout_seconds:.0f} s"
        ) from error
    except child_process.CommandError as error:
        reason = error.tail.splitlines()[-1] if error.tail else "no reason given"
        raise StrategyUnavailableError(f"{step.what} is not possible here ({reason})") from error


def reach() -> None:
    """Request the head of the install script, through the proxies of the environment, as the installation does."""
    request = urllib.request.Request(INSTALL_SCRIPT, method="HEAD")
    with urllib.request.urlopen(request, timeout=REACH_TIMEOUT_SECONDS):  # noqa: S310  (constant, https)
        pass


def install(target: Path) -> None:
    """Install the CLI in the version of the installed SDK into `target/bin`."""
    from pulumi.automation import PulumiCommand

    PulumiCommand.install(root=str(target))


if __name__ == "__main__":
    try:
        if sys.argv[1] == "reach":
            reach()
        else:
            install(Path(sys.argv[2]))
    except Exception as error:  # noqa: BLE001  (whatever it is, this strategy is unavailable, and the text says why)
        output = getattr(error, "output", None)
        print(output.decode(errors="replace") if isinstance(output, bytes) else "")
        print(f"{type(error).__name__}: {error}".replace("\n", " "))
        sys.exit(1)
