"""The sandbox's folder and endpoint, and the environment variables with which AWS clients and Pulumi use it.

Standard library only: the Makefile, tests and benchmarks need it before anything is installed.
"""

from __future__ import annotations  # Older interpreters may start and stop the sandbox too.

import json
import os
import re
import shlex
import threading
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ACCOUNT_ID = "123456789012"
REGION = "us-east-1"
HOST = "127.0.0.1"
DEFAULT_PORT = 4780
HOME_VARIABLE = "SPEAKER_SEARCH_SANDBOX_HOME"
PORT_VARIABLE = "SPEAKER_SEARCH_SANDBOX_PORT"

STAND_IN = ROOT / "sandbox" / "bin" / "pulumi-resource-aws"
STAND_IN_VERSION = "7.999.0"
"""Newer than any SDK of the major version whose types it serves."""

# Each of these would send a client to real AWS, to another account or past the throw-away credentials.
UNSET = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN",
         "AWS_ROLE_ARN", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")  # fmt: skip

SHELL_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)


def home(variables: Mapping[str, str] | None = None) -> Path:
    """Return the folder with state, log and stack files: `.sandbox/`, or the one that `HOME_VARIABLE` names."""
    given = (os.environ if variables is None else variables).get(HOME_VARIABLE)
    return Path(given).resolve() if given else ROOT / ".sandbox"


def configured_port(variables: Mapping[str, str] | None = None) -> int:
    """Return the port that `start` binds; 0 lets the system choose a free one.

    Raises:
        ValueError: `PORT_VARIABLE` is not a port.
    """
    text = (os.environ if variables is None else variables).get(PORT_VARIABLE) or str(DEFAULT_PORT)
    if not text.isascii() or not text.isdigit() or int(text) > 65535:
        message = f"{PORT_VARIABLE}={text!r} is not a port: give a number from 0 (a free one) to 65535."
        raise ValueError(message)
    return int(text)


def server_file(folder: Path) -> Path:
    """Return the file into which a listening server writes its process id, port and endpoint."""
    return folder / "server.json"


def endpoint(variables: Mapping[str, str] | None = None) -> str:
    """Return the URL of the sandbox: of the started server, else of the port that it would get."""
    try:
        return str(json.loads(server_file(home(variables)).read_text(encoding="utf-8"))["endpoint"])
    except (OSError, ValueError, KeyError, TypeError):  # a file of something else
        return f"http://{HOST}:{configured_port(variables) or DEFAULT_PORT}"


def environment(variables: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the variables to set, on top of `variables` (default: those of this process).

    Creates the backend's folder, and links the stand-in `aws` provider into Pulumi's. Idempotent: the result, applied
    to its own input, changes nothing more.
    """
    current = os.environ if variables is None else variables
    folder = home(current)
    (folder / "state").mkdir(parents=True, exist_ok=True)
    _install_stand_in(folder / "pulumi" / "plugins")
    return {
        "AWS_ENDPOINT_URL": endpoint(current),
        "AWS_ACCESS_KEY_ID": "sandbox",
        "AWS_SECRET_ACCESS_KEY": "throw-away",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_PAGER": "",
        # Without the backend's sidecar files: a kill while one is written leaves a state that can't be read.
        "PULUMI_BACKEND_URL": (folder / "state").as_uri() + "?metadata=skip",
        "PULUMI_HOME": str(folder / "pulumi"),
        "PULUMI_CONFIG_PASSPHRASE": "sandbox",
        "PULUMI_SKIP_UPDATE_CHECK": "true",
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        # The stand-in is in Pulumi's folder. A plugin on PATH would cause several warnings in every command.
        "PULUMI_IGNORE_AMBIENT_PLUGINS": "true",
        # Accepts a plugin newer than the SDK asks for, so that any release of pulumi_aws finds the stand-in.
        "PULUMI_ENABLE_LEGACY_PLUGIN_SEARCH": "true",
        # A proxy of this machine must not be asked for 127.0.0.1.
        "NO_PROXY": _joined(current.get("NO_PROXY", ""), [HOST, "localhost"], separator=",", last=True),
        "no_proxy": _joined(current.get("no_proxy", ""), [HOST, "localhost"], separator=",", last=True),
        "PATH": _joined(current.get("PATH", ""), _programs(), separator=os.pathsep, last=False),
    }


def unset(variables: Mapping[str, str] | None = None) -> list[str]:
    """Return the names to unset: `UNSET`, and every endpoint of a single service, which would take precedence."""
    current = os.environ if variables is None else variables
    return [*UNSET, *sorted(name for name in current if name.startswith("AWS_ENDPOINT_URL_"))]


def process_environment(variables: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return a whole environment for a child process: `variables` without `unset`, with `environment`."""
    current = dict(os.environ if variables is None else variables)
    for name in unset(current):
        current.pop(name, None)
    return {**current, **environment(current)}


def shell_exports(variables: Mapping[str, str] | None = None) -> str:
    """Return lines for `eval` in a POSIX shell.

    The environment may hold names that a shell does not accept (`A;B`) and that would end it at `unset`. None of them
    is the name of an AWS endpoint, so they are left out.
    """
    names = [name for name in unset(variables) if SHELL_NAME.fullmatch(name)]
    lines = [f"unset {shlex.quote(name)}" for name in names]
    lines += [
        f"export {shlex.quote(name)}={shlex.quote(value)}" for name, value in environment(variables).items()
    ]
    return "\n".join(lines)


def _programs() -> list[str]:
    engine = ROOT / ".engine" / "bin"
    return [str(ROOT / ".venv" / "bin"), *([str(engine)] if engine.is_dir() else [])]


def _install_stand_in(plugins: Path) -> None:
    """Link the stand-in of this checkout. Safe when two processes do it at the same time."""
    place = plugins / f"resource-aws-v{STAND_IN_VERSION}" / STAND_IN.name
    if place.is_symlink() and os.readlink(place) == str(STAND_IN):
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    unfinished = place.with_name(f"{place.name}.{os.getpid()}.{threading.get_ident()}")
    unfinished.symlink_to(STAND_IN)
    unfinished.replace(place)


def _joined(old: str, ours: list[str], *, separator: str, last: bool) -> str:
    others = [entry for entry in old.split(separator) if entry and entry not in ours]
    return separator.join([*others, *ours] if last else [*ours, *others])
