"""Answer `pip list` as the installed pip has answered it before; let it do everything else."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from pip import __path__ as own_path

QUESTION = ["list", "-v", "--format", "json"]
"""What Pulumi's Python host asks [R engine 3.259]."""


def installed_pip(arguments: list[str], **options: bool) -> subprocess.CompletedProcess[bytes]:
    """Run the pip of this environment."""
    own = Path(own_path[0]).parent
    paths = [
        path for path in os.environ.get("PYTHONPATH", "").split(os.pathsep) if path and Path(path) != own
    ]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    command = [sys.executable, "-m", "pip", *arguments]
    return subprocess.run(command, env=environment, check=False, **options)  # type: ignore[call-overload, no-any-return]


def main(arguments: list[str]) -> int:
    """Return the exit code."""
    if arguments != QUESTION:
        return installed_pip(arguments).returncode
    folder = Path(os.environ["LISTED_PACKAGES"])
    answer = folder / f"{sys.prefix.replace('/', '-')}.json"
    if not answer.exists():
        listed = installed_pip(arguments, capture_output=True)
        sys.stderr.buffer.write(listed.stderr)
        if listed.returncode:
            sys.stdout.buffer.write(listed.stdout)
            return listed.returncode
        with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file:
            file.write(listed.stdout)
        Path(file.name).replace(answer)
    sys.stdout.buffer.write(answer.read_bytes())
    return 0


sys.exit(main(sys.argv[1:]))
