"""`make setup`: the Python environment in `.venv`, the Pulumi engine in `.engine/bin`.

Called again it only compares two stamps. This file alone must be readable by old Pythons, because it is
what tells their owners that the Python is too old; everything else is imported after that check.
"""

import os
import shutil
import subprocess
import sys

OLDEST_PYTHON = (3, 11)
NEWER_PYTHONS = ("python3.13", "python3.12", "python3.11", "python3.14")


def require_python() -> None:
    """Go on with a newer Python from PATH when this one is too old; leave with advice when there is none."""
    if sys.version_info >= OLDEST_PYTHON:  # an older Python does get here
        return
    # One that was named is not passed over without a word.
    for name in () if "--this-python" in sys.argv else NEWER_PYTHONS:
        found = shutil.which(name)
        if found and starts(found):
            os.execv(found, [found, "-m", "tools.setup"] + sys.argv[1:])  # noqa: S606, RUF005
    sys.exit(
        f"make setup: Python {OLDEST_PYTHON[0]}.{OLDEST_PYTHON[1]} or newer is needed, and {sys.executable} "
        f"is {sys.version_info[0]}.{sys.version_info[1]}.\n"
        "Install one (Debian, Ubuntu: apt install python3.11 python3.11-venv; macOS: brew install "
        "python@3.12) or name it: make setup PYTHON=/path/to/python3"
    )


def starts(python: str) -> bool:
    """Whether it is more than the shim of a Python that was taken off."""
    try:
        return subprocess.call([python, "-c", ""], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


if __name__ == "__main__":
    require_python()
    from tools.preparation import main

    sys.exit(main(sys.argv[1:]))
