"""Return the environment for the build of the engine: checksums are verified, whatever the user's settings are."""

import json
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from tools.engine.installation import StrategyUnavailableError

SETTINGS = (
    "GOVERSION", "GOTOOLCHAIN", "GOCACHE", "GOFLAGS", "GOSUMDB", "GONOSUMDB", "GOINSECURE",
)  # fmt: skip
CHECKSUM_DATABASE = "sum.golang.org"
NOTHING = "none"  # a pattern that matches no module; with an empty value Go reads the user's go.env
FLAGS_KEPT = ("-p=", "-buildvcs=", "-modcacherw", "-x")
FLAGS_THAT_LOOSEN = ("mod=mod", "modfile", "insecure", "overlay", "toolexec")
FIRST_SWITCHING_GO = (1, 21, 0)  # the first Go that can fetch a newer toolchain, checksum verified


def settings(environment: Mapping[str, str], folder: Path) -> dict[str, str]:
    """Return the settings of `go env`, read outside of any module.

    Raises:
        StrategyUnavailableError: There is no Go, or it fails.
    """
    if shutil.which("go", path=environment.get("PATH", "")) is None:
        raise StrategyUnavailableError("there is no go on PATH")
    try:
        result = subprocess.run(
            ["go", "env", "-json", *SETTINGS],
            cwd=folder,
            env={**environment, "GOWORK": "off"},
            capture_output=True,
            text=True,
            check=True,
        )
        found: dict[str, str] = json.loads(result.stdout)
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        raise StrategyUnavailableError(f"go env failed ({type(error).__name__})") from error
    return found


def require_version(found: Mapping[str, str], needed: str) -> None:
    """Require this version of Go, or one that may fetch it.

    Raises:
        StrategyUnavailableError: This Go is too old and may not fetch a newer toolchain.
    """
    version = parse_go_version(found["GOVERSION"])
    may_switch = version >= FIRST_SWITCHING_GO and found["GOTOOLCHAIN"].endswith(("auto", "path"))
    if version < parse_go_version(needed) and not may_switch:
        raise StrategyUnavailableError(f"{found['GOVERSION']} is too old; {needed} or newer is needed")


def verified(environment: Mapping[str, str], found: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """Return the environment for the build, and one warning for each setting that is not used."""
    dropped = ("GOOS", "GOARCH", "GONOSUMCHECK")
    env = {name: value for name, value in environment.items() if name not in dropped}
    warnings: list[str] = []

    def override(name: str, value: str, was: str) -> None:
        env[name] = value
        warnings.append(f"{name}={was} is ignored for this build. Checksums stay verified.")

    flags = found["GOFLAGS"].split()
    env["GOFLAGS"] = " ".join(["-mod=readonly", *(flag for flag in flags if flag.startswith(FLAGS_KEPT))])
    loosened = [flag for flag in flags if flag.lstrip("-").startswith(FLAGS_THAT_LOOSEN)]
    if loosened:
        override("GOFLAGS", env["GOFLAGS"], " ".join(loosened))
    if found["GOSUMDB"] == "off":
        override("GOSUMDB", CHECKSUM_DATABASE, "off")
    for name in ("GONOSUMDB", "GOINSECURE"):
        if found[name] not in ("", NOTHING):
            override(name, NOTHING, found[name])
    if environment.get("GONOSUMCHECK"):
        warnings.append("GONOSUMCHECK is ignored for this build. Checksums stay verified.")
    env.update(GOWORK="off", GO111MODULE="on", CGO_ENABLED="0")
    return env, warnings


def parse_go_version(text: str) -> tuple[int, int, int]:
    """Parse `go1.26.8`, `1.25.11` or `go1.25`; anything else counts as the oldest version."""
    match = re.search(r"(\d+)\.(\d+)(?:\.(\d+))?", text)
    return (int(match[1]), int(match[2]), int(match[3] or 0)) if match else (0, 0, 0)
