#!/usr/bin/env bash
# Run mypy on everything. Programs are checked one by one, because they are all called `__main__`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
mypy .
for program in policies/*/__main__.py tests/*/*program/__main__.py reliability/program/__main__.py; do
    [ -e "$program" ] && mypy --no-error-summary "$program"
done
