"""Serve the safeguards pack. Today's date is read here, once; no setting and no variable can change it."""

from datetime import UTC, datetime

from pulumi_policy import EnforcementLevel, PolicyPack
from safeguard_rules.pack import DESCRIPTION, NAME, safeguard_policies

PolicyPack(
    name=NAME,
    policies=safeguard_policies(datetime.now(UTC).date()),
    enforcement_level=EnforcementLevel.MANDATORY,
    description=DESCRIPTION,
)
