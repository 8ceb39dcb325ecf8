"""The fixtures of the sandbox's own tests."""

from tests.sandbox.fixtures import control, quiet, sandbox, search, world

__all__ = ["control", "quiet", "sandbox", "search", "world"]
