"""The policies of both packs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Final

from consent_rules import pack as consent_pack
from pulumi_policy import Policy
from safeguard_rules import pack as safeguard_pack

MAKERS: Final[dict[str, Callable[[date], list[Policy]]]] = {
    "consent": consent_pack.consent_policies,
    "safeguards": safeguard_pack.safeguard_policies,
}
