"""Start, stop and find the server process. Standard library only: any python3 can do it."""

from __future__ import annotations  # Older interpreters may start and stop the sandbox too.

import fcntl
import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from sandbox.environment import HOST, PORT_VARIABLE, ROOT, configured_port, home, server_file

START_TIMEOUT_SECONDS = 60.0
STOP_TIMEOUT_SECONDS = 5.0
POLL_SECONDS = 0.05
SERVER_MODULE = "sandbox.server"


class SandboxError(Exception):
    """The server can't be started or stopped; the message says why and what to do."""


@dataclass(frozen=True)
class Running:
    """A server that answers."""

    pid: int
    endpoint: str


def running(folder: Path | None = None) -> Running | None:
    """Return the server of this folder, if it runs and answers."""
    folder = folder or home()
    if not _is_held(folder / "server.lock"):
        return None
    found = _read_server_file(folder)
    return found if found and _answering_pid(found.endpoint) == found.pid else None


def start() -> tuple[Running, bool]:
    """Return the running server, and whether this call started it. Safe to call twice, or at the same time.

    Raises:
        SandboxError: The server can't be started.
    """
    folder = home()
    folder.mkdir(parents=True, exist_ok=True)
    with _locked(folder / "start.lock"):
        found = running(folder)
        if found:
            return found, False
        if _is_held(folder / "server.lock"):
            message = (
                f"A sandbox holds {folder} and does not answer. Run `python -m sandbox stop`, then start it."
            )
            raise SandboxError(message)
        python = ROOT / ".venv" / "bin" / "python"
        if not python.exists():
            message = "The sandbox needs its libraries, and .venv/ is not there: run `make setup` first."
            raise SandboxError(message)
        _check_port(configured_port())
        server_file(folder).unlink(missing_ok=True)
        return _launch(python, folder), True


def stop() -> bool:
    """Stop the server, which empties its account; return whether there was one.

    Raises:
        SandboxError: The process can't be ended, or it can't be proved to be the server.
    """
    folder = home()
    folder.mkdir(parents=True, exist_ok=True)
    with _locked(folder / "start.lock"):
        if not _is_held(folder / "server.lock"):
            return False
        recorded = _read_server_file(folder)
        if recorded is None:
            message = f"A sandbox holds {folder}, but {server_file(folder).name} is not there: end its process by hand."
            raise SandboxError(message)
        for sign in (signal.SIGTERM, signal.SIGKILL):
            _end_server(folder, recorded, sign)
            deadline = time.monotonic() + STOP_TIMEOUT_SECONDS
            while time.monotonic() < deadline:
                if not _is_held(folder / "server.lock"):
                    server_file(folder).unlink(missing_ok=True)
                    return True
                time.sleep(POLL_SECONDS)
        message = f"Process {recorded.pid} does not end. Look at {folder / 'server.log'}."
        raise SandboxError(message)


def _end_server(folder: Path, recorded: Running, sign: signal.Signals) -> None:
    """Send the signal, unless the process id belongs to another program by now: ids are reused."""
    command = _command_line(recorded.pid)
    if command is None or command.endswith(f" -m {SERVER_MODULE}"):
        # Unknown, or a server of an older version, which does not name its folder.
        is_server = _answering_pid(recorded.endpoint) == recorded.pid
    else:
        is_server = command.endswith(f" -m {SERVER_MODULE} {folder}")
    if is_server:
        with suppress(ProcessLookupError):
            os.kill(recorded.pid, sign)
    elif _is_held(folder / "server.lock"):
        other = f"another program ({command.split()[0]})" if command else "not there"
        message = (
            f"A sandbox holds {folder}, but process {recorded.pid}, which {server_file(folder).name} there names, is "
            f"{other}. Nothing was ended: find the process that has {folder / 'server.lock'} open, and end it by hand."
        )
        raise SandboxError(message)


def _command_line(pid: int) -> str | None:
    """Return the program and arguments of a process, empty if there is none; None if the system can't say."""
    if Path("/proc/self/cmdline").exists():
        try:
            text = Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8", errors="surrogateescape")
        except OSError:
            return ""
        return text.rstrip("\0").replace("\0", " ")
    try:
        listed = subprocess.run(
            ["ps", "-ww", "-o", "command=", "-p", str(pid)],
            capture_output=True,
            encoding="utf-8",
            errors="surrogateescape",
            check=False,
        )
    except OSError:
        return None
    return listed.stdout.strip()


def _launch(python: Path, folder: Path) -> Running:
    log = folder / "server.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            # The folder is an argument for `stop`, which checks that a process is the server of this very folder.
            [str(python), "-m", SERVER_MODULE, str(folder)],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    deadline = time.monotonic() + START_TIMEOUT_SECONDS
    while time.monotonic() < deadline:
        found = running(folder)
        if found:
            return found
        if process.poll() is not None:
            message = (
                f"The sandbox ended at once (exit code {process.returncode}). The end of {log}:\n{_end(log)}"
            )
            raise SandboxError(message)
        time.sleep(POLL_SECONDS)
    process.kill()
    process.wait()
    message = (
        f"The sandbox did not answer within {START_TIMEOUT_SECONDS:.0f} s. The end of {log}:\n{_end(log)}"
    )
    raise SandboxError(message)


def _read_server_file(folder: Path) -> Running | None:
    """Return the process id and endpoint that the server wrote when it began to listen."""
    try:
        document = json.loads(server_file(folder).read_text(encoding="utf-8"))
        return Running(int(document["pid"]), str(document["endpoint"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _check_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            by = "another sandbox" if _answering_pid(f"http://{HOST}:{port}") else "another program"
            message = f"Port {port} on {HOST} is taken by {by}. Set {PORT_VARIABLE} to a free port, or to 0."
            raise SandboxError(message) from error


def _answering_pid(endpoint: str) -> int | None:
    """Return the process id that the sandbox at this endpoint reports; None if no sandbox answers."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{endpoint}/_sandbox/health", timeout=5) as response:
            return int(json.load(response)["pid"])
    except (OSError, ValueError, KeyError, TypeError, urllib.error.URLError):
        return None


def _is_held(path: Path) -> bool:
    """Return whether a process holds the lock. A crash releases it, so the file alone means nothing."""
    try:
        with path.open("r") as handle:
            fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def _end(log: Path) -> str:
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:])
