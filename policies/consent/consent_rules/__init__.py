"""The rules of the consent pack, as values. `__main__.py` serves the list `pack.consent_policies`."""
