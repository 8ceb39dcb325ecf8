"""From the rules of a pack to the list of policies that the SDK serves."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from pulumi_policy import Policy, Severity

from .bookkeeping import DeferredPolicy, ExemptedPolicy, ExemptionsPolicy
from .exemptions import SETTINGS
from .pack_run import PackRun
from .rule import Rule
from .rule_policy import rule_policy


def exemptions_rule(pack: str, framework: tuple[str, str, str, str], tags: tuple[str, ...]) -> Rule:
    """Return the metadata of `PACK-exemptions`."""
    return Rule(
        name=f"{pack}-exemptions",
        description="An exemption must have a reference, an owner, a reason and an end, and must be needed.",
        severity=Severity.HIGH,
        framework=framework,
        remediation_steps="Complete, renew or remove the exemption in the file given with --policy-pack-config",
        tags=tags,
        settings=SETTINGS,
    )


def exempted_rule(pack: str, framework: tuple[str, str, str, str], tags: tuple[str, ...]) -> Rule:
    """Return the metadata of `PACK-exempted`."""
    return Rule(
        name=f"{pack}-exempted",
        description="Reports refusals that an exemption suppresses, with the owner and the end of the exemption.",
        severity=Severity.MEDIUM,
        framework=framework,
        remediation_steps="Fix what is exempted before the exemption ends",
        tags=tags,
    )


def policies(
    rules: Sequence[Rule],
    exemptions: Rule,
    exempted: Rule,
    deferred: Rule | None,
    today: date,
) -> list[Policy]:
    """Return the policies of a pack, in the order in which the SDK must run them.

    Args:
        rules: Each can refuse and can be exempted.
        exemptions: Metadata of the policy that reads the exemptions.
        exempted: Metadata of the policy that reports exempted refusals.
        deferred: Metadata of the policy that reports deferred checks; None for a pack whose rules defer none.
        today: The date in UTC.

    Raises:
        ValueError: Two rules have the same name.
    """
    supporting = [rule for rule in (exemptions, exempted, deferred) if rule is not None]
    names = [rule.name for rule in (*rules, *supporting)]
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated:
        raise ValueError(f"these rule names are not unique in the pack: {', '.join(repeated)}")
    run = PackRun()
    exemptions_policy = ExemptionsPolicy(exemptions, run, today, frozenset(rule.name for rule in rules))
    return [
        exemptions_policy,
        *(rule_policy(rule, run, today) for rule in rules),
        ExemptedPolicy(exempted, run, today, exemptions_policy),
        *([DeferredPolicy(deferred, run, today)] if deferred is not None else []),
    ]
