"""The fixtures over a sandbox process that contract tests need."""

from tests.sandbox.fixtures import aws, control, sandbox

__all__ = ["aws", "control", "sandbox"]
