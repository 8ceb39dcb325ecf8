"""The error of declarations."""

from __future__ import annotations

import pulumi

from .speaker_search_error import SpeakerSearchError


class DeclarationError(SpeakerSearchError, pulumi.RunError, ValueError):
    """Something was declared that can't be. The text is complete: the CLI shows it without a traceback."""
