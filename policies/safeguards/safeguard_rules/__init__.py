"""The rules of the safeguards pack, as values.

`pack.safeguard_policies` is the list that `__main__.py` serves.
"""
