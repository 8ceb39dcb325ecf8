#!/usr/bin/env bash
# The recipes of `make up`, `make down` and `make review`: the stack `sandbox` on the local AWS.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# Each pack with its config. In the local account nothing has to be protected: `make down` deletes it all.
packs=(--policy-pack policies/consent --policy-pack-config tools/local_stack/consent.json
    --policy-pack policies/safeguards --policy-pack-config tools/local_stack/safeguards.json)

sandbox_runs() {
    [ -x .venv/bin/python ] && .venv/bin/python -m sandbox status >/dev/null 2>&1
}

use_sandbox() {
    local account=new
    if sandbox_runs; then account=old; fi
    python -m sandbox start
    eval "$(python -m sandbox env)"
    if pulumi stack select sandbox >/dev/null 2>&1; then
        free_stack
        # What the state tells of was in the account before this one.
        if [ $account = new ]; then pulumi stack rm --yes --force --preserve-config sandbox >/dev/null 2>&1; fi
    fi
    pulumi stack select --create sandbox >/dev/null
}

# A CLI that was killed leaves its lock; nobody but this machine works on this stack.
free_stack() {
    if python -m tools.stale_locks sandbox; then
        echo "An earlier pulumi was killed and left the stack locked: releasing it."
        pulumi cancel --yes sandbox
    fi
}

# A made-up voice speaks, and what becomes of it is shown: `before` the update, and `watch` after it.
demonstration() {
    if [ -d tools/demonstration ]; then python -m tools.demonstration "$1"; fi
}

case ${1:-} in
up)
    use_sandbox
    demonstration before
    # Without a preview, which would show everything twice; the packs look at each resource before it is made.
    pulumi up --yes --skip-preview --refresh "${packs[@]}"
    demonstration watch
    # 1: it shows a search with which something is wrong; 2: one that AWS does not find so soon. Both are on the screen.
    speaker-search status || [ $? -lt 3 ]
    ;;
down)
    if ! sandbox_runs; then
        echo "The local AWS does not run: nothing to destroy."
        exit 0
    fi
    eval "$(python -m sandbox env)"
    if pulumi stack select sandbox >/dev/null 2>&1; then
        free_stack
        pulumi destroy --yes --skip-preview --refresh
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
