"""`make setup`: install the Python packages into `.venv` and the Pulumi engine into `.engine/bin`.

A second run only compares two stamps. Old Pythons must be able to read this file, because it reports that they are too
old; everything else is imported after that check.
"""

import os
import shutil
import subprocess
import sys

OLDEST_PYTHON = (3, 11)
NEWER_PYTHONS = ("python3.13", "python3.12", "python3.11", "python3.14")


def require_python() -> None:
    """If this Python is too old, continue with a newer one from PATH; if there is none, exit with advice."""
    if sys.version_info >= OLDEST_PYTHON:  # false in an older Python, which can run this file
        return
    # A Python that the user named is not replaced silently.
    for name in () if "--this-python" in sys.argv else NEWER_PYTHONS:
        found = shutil.which(name)
        if found and starts(found):
            os.execv(found, [found, "-m", "tools.setup"] + sys.argv[1:])  # noqa: S606, RUF005
    sys.exit(
        f"make setup: Python {OLDEST_PYTHON[0]}.{OLDEST_PYTHON[1]} or newer is needed, but {sys.executable} "
        f"is {sys.version_info[0]}.{sys.version_info[1]}.\n"
        "Install one (Debian, Ubuntu: apt install python3.11 python3.11-venv; macOS: brew install "
        "python@3.12) or name it: make setup PYTHON=/path/to/python3"
    )


def starts(python: str) -> bool:
    """Return whether the Python starts: pyenv leaves shims of Pythons that were removed."""
    try:
        return subprocess.call([python, "-c", ""], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


if __name__ == "__main__":
    require_python()
    from tools.setup_steps import main

    sys.exit(main(sys.argv[1:]))
