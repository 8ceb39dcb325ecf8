"""The rules of the safeguards pack, as values. `__main__.py` serves the list `pack.safeguard_policies`."""
