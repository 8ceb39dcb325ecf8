#!/usr/bin/env bash
# Find a Python that starts, and run tools/setup.py with it: setup.sh PYTHON [ARGUMENTS]. PYTHON may be empty. A name on PATH
# does not always start: pyenv keeps shims of Pythons that were removed.
set -uo pipefail
named=$1
shift

starts() { "$1" -c 'import sys' >/dev/null 2>&1; }

if [ ! -d "${HOME:-}" ]; then
    echo "make setup: HOME is ${HOME:+$HOME, which is }no folder; Python, Go and Pulumi need it. Set it, and run make again." >&2
    exit 1
fi
if [ -n "$named" ]; then
    if ! starts "$named"; then
        echo "make setup: PYTHON=$named does not start. Name a Python 3.11 or newer: make setup PYTHON=/path/to/python3" >&2
        exit 1
    fi
    exec "$named" -m tools.setup --this-python "$@"
fi
# The one in .venv first, because it often starts faster than `python3` on PATH.
for candidate in .venv/bin/python python3 python3.13 python3.12 python3.11 python3.14 /usr/bin/python3; do
    if starts "$candidate"; then exec "$candidate" -m tools.setup "$@"; fi
done
echo "make setup: no Python starts here ($(command -v python3 || echo "there is no python3 on PATH")${PYENV_ROOT:+; pyenv has shims for Pythons that are not installed}). Install Python 3.11 or newer, or name one: make setup PYTHON=/path/to/python3" >&2
exit 1
