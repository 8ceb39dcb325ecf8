"""The type of every input and output of an operation."""

from typing import Any

Members = dict[str, Any]
"""A structure of the API: member name → value, in botocore's Python form."""
