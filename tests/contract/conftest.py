"""The fixtures over a sandbox process that contract tests need."""

from tests.sandbox.fixtures import control, sandbox, world

__all__ = ["control", "sandbox", "world"]
