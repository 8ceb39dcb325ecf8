#!/usr/bin/env bash
# Run mypy on everything. The packs' programs are checked one by one: like the project's own, both are called `__main__`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
mypy .
for program in policies/*/__main__.py; do
    [ -e "$program" ] && mypy --no-error-summary "$program"
done
