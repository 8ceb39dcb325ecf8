#!/usr/bin/env bash
# Pin every package with its hashes. Nothing of this machine gets into the files: uv reads no configuration file here, and
# writes neither index addresses nor a header.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export UV_NO_CONFIG=1
compile=(.venv/bin/uv pip compile --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --python-version 3.11)
"${compile[@]}" requirements/bootstrap.in -o requirements/bootstrap.txt "$@" >/dev/null
"${compile[@]}" pyproject.toml --all-extras --group dev -o requirements/locked.txt "$@" >/dev/null
"${compile[@]}" --no-annotate policies/kit/requirements.in -o policies/kit/requirements.txt "$@" >/dev/null
.venv/bin/python -m tools.vendor_policy_kit >/dev/null
echo "requirements/bootstrap.txt, requirements/locked.txt and the requirements of the policy packs are pinned."
