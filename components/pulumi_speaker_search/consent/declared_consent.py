"""`Consent` as programs declare it: a wrong one ends the program with its sentence, without a traceback.

`consent` itself knows nothing of Pulumi, because the provider process, the commands and the tests of the packs use it.
"""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from . import consent_value as consent


class InvalidConsentError(pulumi.RunError, consent.InvalidConsentError):
    """The same, as the Pulumi CLI shows it: the text alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent(consent.Consent):
    """The consent regime under which a search listens; see `consent.Consent`.

    Raises:
        InvalidConsentError: A value is outside the vocabulary; it names every such tag.
    """

    def __post_init__(self) -> None:
        try:
            # A dataclass with slots is made twice, so that `super()` without arguments would name the first one.
            consent.Consent.__post_init__(self)
        except consent.InvalidConsentError as wrong:
            raise InvalidConsentError(list(wrong.problems)) from None
