#!/usr/bin/env bash
# The recipes of `make up`, `make down` and `make review`: the stack `sandbox` on the local AWS.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
packs=(--policy-pack policies/consent --policy-pack policies/safeguards)

sandbox_runs() {
    [ -x .venv/bin/python ] && .venv/bin/python -m sandbox status >/dev/null 2>&1
}

use_sandbox() {
    python -m sandbox start
    eval "$(python -m sandbox env)"
    pulumi stack select --create sandbox >/dev/null
    free_stack
}

# A CLI that was killed leaves its lock; nobody but this machine works on this stack.
free_stack() {
    if python -m tools.stale_locks sandbox; then
        echo "An earlier pulumi was killed and left the stack locked: releasing it."
        pulumi cancel --yes sandbox
    fi
}

case ${1:-} in
up)
    use_sandbox
    # Refresh: the account is empty again after the local AWS was stopped.
    pulumi up --yes --refresh "${packs[@]}"
    speaker-search status
    ;;
down)
    if ! sandbox_runs; then
        echo "The local AWS does not run: nothing to destroy."
        exit 0
    fi
    eval "$(python -m sandbox env)"
    if pulumi stack select sandbox >/dev/null 2>&1; then
        free_stack
        pulumi destroy --yes --refresh
    fi
    python -m sandbox stop
    ;;
review)
    use_sandbox
    speaker-search review
    ;;
stop)
    if sandbox_runs; then python -m sandbox stop; fi
    ;;
*)
    echo "usage: tools/stack.sh up | down | review | stop" >&2
    exit 2
    ;;
esac
