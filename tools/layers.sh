#!/usr/bin/env bash
# import-linter: the layer table of docs/architecture.md, as contracts in pyproject.toml. The packs are no part of `.venv`.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export PATH="$PWD/.venv/bin:$PATH"
PYTHONPATH=policies/kit:policies/consent:policies/safeguards lint-imports --no-cache "$@"
