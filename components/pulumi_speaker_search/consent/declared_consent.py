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
    """The consent under which a search listens, and the reference to its record. Never personal data.

    Each attribute becomes the tag `consent:` + its name with hyphens. `consent/vocabulary.py` has the form of each, and
    its sources: ISO/IEC TS 27560, W3C DPV, BIPA, GDPR.

    Attributes:
        schema: Name and version of the schema of your record.
        record_ref: Reference to your record of the consent; never a person.
        notice: Id and version of the notice that was given, or its URL.
        purpose: One purpose or several.
        basis: Law and article on which the processing rests.
        jurisdiction: ISO 3166 codes of the jurisdictions of those concerned.
        status: `given`; under `withdrawn` and `expired` nothing starts, and running tasks are stopped.
        expires: The last day on which it holds, in UTC.
        retention_days: How many days data may be kept, 1 to 9999.
        method: How the consent was given; None if that is not stated.
        withdrawal: Id of the process by which a person withdraws; None if that is not stated.
        controller: The organisation that is responsible; None if that is not stated.
        data_category: The category of the data; None if that is not stated.

    Raises:
        InvalidConsentError: A value is outside the vocabulary; it names every such tag.
    """

    def __post_init__(self) -> None:
        try:
            # A dataclass with slots is made twice, so that `super()` without arguments would name the first one.
            consent.Consent.__post_init__(self)
        except consent.InvalidConsentError as wrong:
            raise InvalidConsentError(list(wrong.problems)) from None
