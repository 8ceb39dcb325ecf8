"""The runtime that the policy packs share: rules as values, resources as plain values, exemptions, SDK policies.

`policies/kit/policy_kit` is the only source. `make vendor` copies it into each pack, because Pulumi publishes a pack
as an archive of its own folder. Modules here import each other relatively and nothing of a pack.
"""
