"""Generated copies: see `tools/vendor_policy_kit.py`."""
