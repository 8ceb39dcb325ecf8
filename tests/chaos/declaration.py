"""What the program declares, as it reads it: CHAOS_DECLARATION."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final

from tests.chaos.account import CONSENT, Account

TIMEOUT_SECONDS: Final = 20.0
"""For every operation, unless a plan says otherwise."""


def declare(
    there: Account,
    *,
    streams: Mapping[str, str] | None = None,
    tags: Mapping[str, str] = CONSENT,
    triggers: int = 0,
    create_timeout_seconds: float = TIMEOUT_SECONDS,
    verify_live_tags: bool = False,
) -> str:
    """One pipeline and one task per stream, all declared alike."""
    return json.dumps(
        {
            "streams": dict(there.streams if streams is None else streams),
            "domain_arn": there.domain_arn,
            "configuration_arn": there.configuration_arn,
            "tags": dict(tags),
            "triggers": str(triggers),
            "verify_live_tags": verify_live_tags,
            "timeout_seconds": {
                "create": create_timeout_seconds,
                **dict.fromkeys(("ready", "read", "update", "delete"), TIMEOUT_SECONDS),
            },
        }
    )
