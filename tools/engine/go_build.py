"""Third strategy: build the CLI and the Python language host from Go modules, with verified checksums.

There are two wrapper modules, because the two need different versions of `sdk/v3`. Only their go.mod files
have versions and import paths. The two scripts come from the module folder of the CLI's `sdk/v3`.
"""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tools import child_process
from tools.engine import go_environment, installation, record
from tools.engine.installation import StrategyUnavailableError
from tools.progress import Progress

SDK = "github.com/pulumi/pulumi/sdk/v3"
SCRIPTS = ("python/dist/pulumi-resource-pulumi-python", "python/cmd/pulumi-language-python-exec")
CACHE_BYTES = 7_000_000_000  # size of modules and build cache; measured: 6.5 GB


@dataclass(frozen=True)
class Module:
    """A wrapper module: its folder under tools/engine, the program that it builds, and the title of that."""

    folder: str
    program: str
    title: str


MODULES = (
    Module("cli", "pulumi", "the Pulumi CLI"),
    Module("python-host", "pulumi-language-python", "the Python language host"),
)


def use(root: Path, progress: Progress, environment: Mapping[str, str]) -> record.Engine:
    """Build into a temporary folder, then move the complete programs into `.engine/bin`."""
    settings = go_environment.settings(environment, record.folder(root))
    go_environment.require_version(settings, needed_go(root))
    env, warnings = go_environment.verified(environment, settings)
    version = required_version(_go_mod(root, "cli"), SDK)
    for warning in warnings:
        progress.say(f"Engine: {warning}")
    progress.say(
        f"Engine: building Pulumi {version} from Go modules ({settings['GOVERSION']}): about 4 minutes on 2 "
        "cores the first time, half a minute once Go's build cache is warm. If it is interrupted, the next "
        "run continues from there."
    )
    _warn_of_small_disk(settings, progress)
    for leftover in record.folder(root).glob("build-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix="build-", dir=record.folder(root)) as name:
        staging = Path(name)
        try:
            for module in MODULES:
                _build(root, module, staging, env, progress)
            _copy_scripts(root, staging, env)
        except child_process.CommandError as error:
            raise StrategyUnavailableError(str(error)) from error
        installation.move_into_place(root, staging)
    return record.write(root, kind="built", version=version)


def needed_go(root: Path) -> str:
    """Return the oldest Go that both modules accept, for example `1.25.11`."""
    versions = [_go_line(_go_mod(root, module.folder)) for module in MODULES]
    return max(versions, key=go_environment.parse_go_version)


def required_version(go_mod: str, module: str) -> str:
    """Return the version of `module` that a go.mod requires, without `v`."""
    return _single(rf"^\s*(?:require )?{re.escape(module)} v(\S+)", go_mod)


def tool(go_mod: str) -> str:
    """Return the import path on the `tool` line: the program that the module builds."""
    return _single(r"^tool (\S+)", go_mod)


def _build(root: Path, module: Module, staging: Path, env: Mapping[str, str], progress: Progress) -> None:
    # The host gets the CLI's version too: the Automation API refuses an engine without one.
    version = required_version(_go_mod(root, "cli"), SDK)
    flags = f"-s -w -X {SDK}/go/common/version.Version=v{version}"
    command = ["go", "build", "-v", "-trimpath", "-buildvcs=false", "-tags", "osusergo,grpcnotrace"]
    child_process.run(
        [*command, "-ldflags", flags, "-o", staging / module.program, tool(_go_mod(root, module.folder))],
        what=f"building {module.title}",
        progress=progress,
        environment=env,
        folder=root / "tools" / "engine" / module.folder,
        detail=lambda count, line: line if line.startswith("go: ") else f"{count} packages compiled",
    )


def _copy_scripts(root: Path, staging: Path, env: Mapping[str, str]) -> None:
    command = ["go", "list", "-m", "-f", "{{.Dir}}", SDK]
    folder = root / "tools" / "engine" / "cli"
    try:
        result = subprocess.run(
            command, cwd=folder, env=dict(env), capture_output=True, text=True, check=True
        )
    except subprocess.CalledProcessError as error:
        raise StrategyUnavailableError(f"{' '.join(command)} failed: {error.stderr.strip()}") from error
    for script in SCRIPTS:
        target = staging / Path(script).name
        shutil.copyfile(Path(result.stdout.strip()) / script, target)
        target.chmod(0o755)


def _warn_of_small_disk(settings: Mapping[str, str], progress: Progress) -> None:
    cache = Path(settings["GOCACHE"])
    existing = next(folder for folder in (cache, *cache.parents) if folder.exists())
    free = shutil.disk_usage(existing).free
    if free < CACHE_BYTES:
        progress.say(
            f"Engine: {free / 1e9:.1f} GB are free where Go keeps its caches ({cache}); "
            f"a first build takes up to {CACHE_BYTES / 1e9:.0f} GB there."
        )


def _go_mod(root: Path, folder: str) -> str:
    return (root / "tools" / "engine" / folder / "go.mod").read_text()


def _go_line(go_mod: str) -> str:
    return _single(r"^go (\S+)", go_mod)


def _single(pattern: str, text: str) -> str:
    match = re.search(pattern, text, re.MULTILINE)
    if match is None:
        raise StrategyUnavailableError(f"a go.mod under tools/engine has no line like {pattern}")
    return match[1]
