#!/usr/bin/env bash
# The recipes of `make up`, `make down` and `make review`: the stack `sandbox` on the local AWS.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# Each pack with its config. The local account protects nothing: `make down` deletes everything.
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
        release_stale_lock
        # The resources in the state belong to an earlier local account, which is gone.
        if [ $account = new ]; then pulumi stack rm --yes --force --preserve-config sandbox >/dev/null 2>&1; fi
    fi
    pulumi stack select --create sandbox >/dev/null
}

# A CLI that was killed leaves its lock. Only this machine works on this stack.
release_stale_lock() {
    if python -m tools.stale_locks sandbox; then
        echo "An earlier pulumi was killed and left the stack locked: releasing it."
        pulumi cancel --yes sandbox
    fi
}

# Send a synthetic voice (`before` the update), and show the results (`watch`, after it).
demonstration() {
    if [ -d tools/demonstration ]; then python -m tools.demonstration "$1"; fi
}

case ${1:-} in
up)
    use_sandbox
    demonstration before
    # Without a preview, which would show everything twice. The packs check each resource before it is created.
    pulumi up --yes --skip-preview --refresh "${packs[@]}"
    demonstration watch
    # 1: something is wrong with a search; 2: AWS does not find one yet. Both are on the screen.
    speaker-search status || [ $? -lt 3 ]
    ;;
down)
    if ! sandbox_runs; then
        echo "The local AWS is not running: nothing to destroy."
        exit 0
    fi
    eval "$(python -m sandbox env)"
    if pulumi stack select sandbox >/dev/null 2>&1; then
        release_stale_lock
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
