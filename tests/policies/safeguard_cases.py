"""The tables of the safeguards pack's rules."""

from __future__ import annotations

from typing import Final

from tests.policies.credential_cases import CREDENTIAL_CASES
from tests.policies.encryption_cases import ENCRYPTION_CASES
from tests.policies.iam_cases import IAM_CASES
from tests.policies.voice_cases import VOICE_CASES

SAFEGUARD_CASES: Final = [*ENCRYPTION_CASES, *IAM_CASES, *VOICE_CASES, *CREDENTIAL_CASES]
