"""The error of declarations."""

from __future__ import annotations

import pulumi

from .speaker_search_error import SpeakerSearchError


class DeclarationError(SpeakerSearchError, pulumi.RunError, ValueError):
    """A declaration is wrong or not supported. The text is complete: the CLI shows it without a traceback."""
