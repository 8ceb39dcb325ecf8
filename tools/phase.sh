#!/usr/bin/env bash
# Runs one phase of `make test` under a name and says how long it took: phase.sh NAME COMMAND...
set -euo pipefail
name=$1
shift
begun=$SECONDS
echo "== $name"
"$@"
echo "== $name: $((SECONDS - begun)) s"
