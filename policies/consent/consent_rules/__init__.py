"""The rules of the consent pack, as values. `pack.consent_policies` is the list that `__main__.py` serves."""
