#!/bin/sh
# Makes the review a part of every deployment of a stack on Pulumi Cloud: one that does not pass ends the deployment.
# Run it once, with a CLI that is logged in. It replaces the stack's list of pre-run commands; each has a shell of its own.
# The deployment takes packs and locks from the branch that the stack is set to deploy: protect it.
set -eu
stack=${1:?usage: pulumi-cloud-review.sh my-org/speaker-search/prod}
pulumi deployment settings edit --stack "$stack" \
    --pre-run-command 'python -m venv .venv && .venv/bin/pip install --require-hashes -r requirements/locked.txt && .venv/bin/pip install --no-deps --no-build-isolation .' \
    --pre-run-command 'for pack in policies/consent policies/safeguards; do python -m venv "$pack/.venv"; "$pack/.venv/bin/pip" install --require-hashes -r "$pack/requirements.txt"; done' \
    --pre-run-command ".venv/bin/speaker-search review --stack $stack --out /tmp/review --fail-on mandatory && cat /tmp/review/report.md"
