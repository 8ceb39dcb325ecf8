"""The fixtures of the sandbox's own tests."""

from tests.sandbox.fixtures import aws, control, quiet, sandbox, search

__all__ = ["aws", "control", "quiet", "sandbox", "search"]
