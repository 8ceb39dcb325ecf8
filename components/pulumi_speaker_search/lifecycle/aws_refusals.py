"""AWS's error codes: which are retried, and which error and message each becomes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from .errors import ActionError, ConflictError, GoneError, NotFoundError, QuotaFullError, RefusedError
from .quotas import PIPELINES, VOICE_PROFILES, Quota
from .task_kinds import ANALYSIS_TASKS

THROTTLED: Final = frozenset(
    {"ThrottledClientException", "ThrottlingException", "ClientLimitExceededException"}
)
"""Codes for throttling, with any HTTP status: AWS did not process the request [M: Chime, KVS]."""

CREATE_VOICE_PROFILE: Final = "create_voice_profile"

QUOTAS: Final[Mapping[str, Quota]] = {
    **{kind.start: kind.quota for kind in ANALYSIS_TASKS},
    "create_media_insights_pipeline": PIPELINES,
    CREATE_VOICE_PROFILE: VOICE_PROFILES,
}
"""Operation → the quota of resources that ResourceLimitExceeded refers to [D]. For all other operations the code means
a rate or a number of concurrent calls, and a retry helps: AWS has one code for all of these [D ca-regions]."""

END_SEARCHES: Final = (
    "Stop searches that are not needed (`speaker-search sweep` lists those that are in no state), "
    "or ask AWS for a higher quota."
)
QUOTA_REMEDIES: Final = {
    CREATE_VOICE_PROFILE: "Delete voice profiles that are not needed any more, use another domain, "
    "or ask AWS for a higher quota."
}
"""Operation → what helps where its quota is full; `END_SEARCHES` for all others."""

QUOTA_FULL: Final = frozenset({"ResourceLimitExceededException", "ServiceQuotaExceededException"})
NOT_FOUND: Final = frozenset({"NotFoundException", "ResourceNotFoundException"})
GONE: Final = "GoneException"
NO_PERMISSION: Final = frozenset(
    {"ForbiddenException", "UnauthorizedClientException", "AccessDeniedException"}
)

HTTP_TOO_MANY_REQUESTS: Final = 429


def is_throttling(operation: str, code: str, http_status: int) -> bool:
    """Return whether AWS refused the request for its rate, so that a retry helps.

    Args:
        operation: botocore's name of it.
        code: AWS's error code.
    """
    is_rate_limit = code in QUOTA_FULL and operation not in QUOTAS
    return code in THROTTLED or http_status == HTTP_TOO_MANY_REQUESTS or is_rate_limit


def classify(operation: str, code: str, message: str) -> tuple[type[ActionError], str, str]:
    """Return the error for a refusal that is not throttling, its reason and its remedy.

    Args:
        operation: botocore's name of it.
        code: AWS's error code.
        message: AWS's own text; it may be empty.
    """
    if code in NOT_FOUND:
        return NotFoundError, message or "AWS does not find it", "Run `pulumi refresh`."
    if code == GONE:
        return GoneError, message or "AWS has deleted it for good", "It can't be restored."
    if code == "ConflictException":
        return ConflictError, message or "its status does not allow it now", "Run the same command again."
    if code in QUOTA_FULL:
        quota = QUOTAS.get(operation, "of this account and region")
        return (
            QuotaFullError,
            f"a quota is full: {quota}",
            QUOTA_REMEDIES.get(operation, END_SEARCHES),
        )
    if code in NO_PERMISSION:
        return RefusedError, message or "no permission", "Check the credentials and their IAM policy."
    return (
        RefusedError,
        message or "AWS refused it",
        "Correct what AWS names, and run the same command again.",
    )
