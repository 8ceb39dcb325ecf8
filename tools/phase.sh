#!/usr/bin/env bash
# Run one phase of `make test`, and print its name and duration: phase.sh NAME COMMAND...
set -euo pipefail
name=$1
shift
started_at=$SECONDS
echo "== $name"
"$@"
echo "== $name: $((SECONDS - started_at)) s"
