"""The error of declarations."""

from __future__ import annotations

import pulumi


class DeclarationError(pulumi.RunError, ValueError):
    """Something was declared that can't be. The text is complete: the CLI shows it without a traceback."""
