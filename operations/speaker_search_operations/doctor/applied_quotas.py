"""Ask Service Quotas for the applied values of quotas; without an answer, AWS's documented defaults hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Final

from pulumi_speaker_search.lifecycle.aws_call import Aws, Call
from pulumi_speaker_search.lifecycle.errors import SpeakerSearchError, Subject
from pulumi_speaker_search.lifecycle.quotas import Quota

from .paging import items

SERVICE: Final = "service-quotas"
SERVICE_CODE: Final = "chime"
"""Code of the Amazon Chime SDK in Service Quotas."""

APPLIED: Final = "applied quota"
DEFAULT: Final = "AWS's documented default"
RATE: Final = "rate"
"""A word in the names of quotas of calls a second, which count no resources."""


@dataclass(frozen=True, slots=True)
class Limit:
    """The value of a quota.

    Attributes:
        source: Where the value comes from, in words.
    """

    value: int
    source: str

    @property
    def is_applied(self) -> bool:
        """Whether Service Quotas returned it."""
        return self.source == APPLIED


@dataclass
class AppliedQuotas:
    """The quotas of the account in one region, asked for once.

    Attributes:
        patience_seconds: How long Service Quotas is asked again; the defaults hold in its place.
    """

    aws: Aws
    patience_seconds: float
    _lock: Lock = field(default_factory=Lock)
    _listed: Sequence[Mapping[str, Any]] | str | None = None

    def limit(self, quota: Quota) -> Limit:
        """Return the applied value; AWS's documented default if Service Quotas does not return it."""
        with self._lock:
            if self._listed is None:
                self._listed = self._ask()
        if isinstance(self._listed, str):
            return Limit(quota.default, f"{DEFAULT}; Service Quotas: {self._listed}")
        value = applied_value(quota, self._listed)
        if value is None:
            return Limit(quota.default, f"{DEFAULT}; Service Quotas does not name it")
        return Limit(value, APPLIED)

    def _ask(self) -> Sequence[Mapping[str, Any]] | str:
        call = Call(
            service=SERVICE,
            operation="list_service_quotas",
            parameters={"ServiceCode": SERVICE_CODE},
            action="list",
            subject=Subject(kind="service quotas"),
        )
        try:
            return list(items(self.aws, call, "Quotas", self.aws.clock.monotonic() + self.patience_seconds))
        except SpeakerSearchError as error:
            code = getattr(error, "aws_code", None)
            return str(code or type(error).__name__)


def applied_value(quota: Quota, listed: Sequence[Mapping[str, Any]]) -> int | None:
    """Return the value of the one quota that has AWS's words for these resources; None if there is not just one."""
    values = [one.get("Value") for one in listed if _means(quota, str(one.get("QuotaName", "")))]
    return int(values[0]) if len(values) == 1 and isinstance(values[0], int | float) else None


def _means(quota: Quota, name: str) -> bool:
    words = name.lower().replace("-", " ").split()
    text = " ".join(words).removesuffix(" per region")
    wanted = (quota.resources, f"{quota.resources} per {quota.scope}")
    return RATE not in words and any(text == one or text.endswith(f" {one}") for one in wanted)
