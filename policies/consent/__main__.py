"""Serve the consent pack. Today's date is read here, once; no setting and no variable can change it."""

from datetime import UTC, datetime

from consent_rules.pack import DESCRIPTION, NAME, consent_policies
from pulumi_policy import EnforcementLevel, PolicyPack

PolicyPack(
    name=NAME,
    policies=consent_policies(datetime.now(UTC).date()),
    enforcement_level=EnforcementLevel.MANDATORY,
    description=DESCRIPTION,
)
