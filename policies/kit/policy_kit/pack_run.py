"""What one run of a pack records, shared by its policies.

The SDK gives a policy its own settings only, and one enforcement level. Exemptions, however, are written once for all
rules, and an exempted refusal becomes an advisory of another policy. Both need this record.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from .exemptions import NO_EXEMPTIONS, Exemption, ExemptionList

NoteKey = tuple[str, str, str]
"""Rule, URN, message."""


@dataclass
class PackRun:
    """Findings of one run. One instance for each pack and process.

    Attributes:
        exemptions: The validated exemptions of the config.
        exempted_policy_enabled: Whether the advisory policy for exempted refusals runs. If it does not, exemptions
            have no effect, because nobody would see them.
        used_exemptions: Exemptions that have suppressed a refusal.
        types_seen: Types of the resources that the run has come to.
        reported: (Rule, URN) → messages of the findings in both phases, exempted ones included.
        waived: Findings that a setting suppresses.
        exempted_notes: Advisories about exempted and waived findings that are not reported yet.
        deferred_notes: Advisories about deferred checks that are not reported yet.
    """

    exemptions: ExemptionList = NO_EXEMPTIONS
    exempted_policy_enabled: bool = False
    used_exemptions: set[Exemption] = field(default_factory=set)
    types_seen: frozenset[str] = frozenset()
    reported: defaultdict[tuple[str, str], set[str]] = field(default_factory=lambda: defaultdict(set))
    waived: set[NoteKey] = field(default_factory=set)
    exempted_notes: dict[NoteKey, str] = field(default_factory=dict)
    deferred_notes: dict[NoteKey, str] = field(default_factory=dict)

    def exemption_for(self, rule: str, urn: str, name: str) -> Exemption | None:
        """Return the exemption that covers this rule and resource; None if none has an effect."""
        return self.exemptions.exemption_for(rule, urn, name) if self.exempted_policy_enabled else None
