"""safeguards-no-credentials: no resource has a credential among its inputs, because state would keep it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Final

from pulumi_policy import Severity

from .vendor.policy_kit.resources import Resource, walk
from .vendor.policy_kit.rule import Finding, Rule, Settings
from .vendor.policy_kit.setting_schemas import TYPE_PATTERN, string_list

_FORMS: Final[tuple[tuple[str, str], ...]] = (
    ("an AWS access key id", r"(?<![A-Z0-9])(?:AKIA|ASIA)[A-Z2-7]{16}(?![A-Z0-9])"),
    (
        "an AWS secret access key",
        r"(?i:secret[_-]?(?:access[_-]?)?key)[\"']?\s*[:=]\s*[\"']?[A-Za-z0-9/+=]{40}(?![A-Za-z0-9/+=])",
    ),
    ("a private key", r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----"),
    ("a GitHub token", r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{22,})"),
    ("a Pulumi access token", r"\bpul-[0-9a-f]{40}\b"),
    ("a Slack token", r"\bxox[abposr]-[A-Za-z0-9-]{10,}"),
    ("a JSON web token", r"\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}"),
    ("a password in a URL", r"\b[a-z][a-z0-9+.-]{1,20}://[^\s/:@]{1,128}:[^\s/:@]{1,128}@"),
)
_ANY: Final = re.compile("|".join(f"(?P<kind{i}>{pattern})" for i, (_, pattern) in enumerate(_FORMS)))
_SECRET_NAMES: Final = re.compile(r"(?i)(^|[._\]])(aws_?)?(secret_?access_?key|secret_?key|session_?token)$")
_SECRET_FORM: Final = re.compile(r"[A-Za-z0-9/+=]{40,}")


def credentials(resource: Resource, settings: Settings, today: date) -> Iterator[Finding]:
    """Refuse credentials in inputs. The message names kind and property, never the value."""
    found: dict[str, None] = {}
    for path, value in walk(resource.properties):
        if not isinstance(value, str) or len(value) < 16:
            continue
        kind = _kind(value)
        if kind:
            found[f"{_place(path)} has {kind}"] = None
        elif _SECRET_NAMES.search(path) and _SECRET_FORM.fullmatch(value):
            found[f"{_place(path)} has the form of a secret key"] = None
    if found and resource.type not in settings["mayHoldCredentials"]:
        yield f"On {resource.name}: {'; '.join(found)}. The value is not repeated here."


@lru_cache(maxsize=8192)
def _kind(text: str) -> str | None:
    """Return the kind of credential in a text; None without one. Cached, because ARNs, types and tags recur."""
    match = _ANY.search(text)
    return _FORMS[int(match.lastgroup.removeprefix("kind"))][0] if match and match.lastgroup else None


def _place(path: str) -> str:
    """Return the top-level property of a path. A key below it could be the credential itself."""
    return re.split(r"[.\[]", path, maxsplit=1)[0]


NO_CREDENTIALS: Final = Rule(
    name="safeguards-no-credentials",
    description="No resource may have credentials among its inputs: state, logs and plans would keep them.",
    severity=Severity.CRITICAL,
    framework=("NIST SP 800-53", "Rev. 5", "IA-5(7)", "No embedded unencrypted static authenticators"),
    remediation_steps="Revoke the credential at once, because state may hold it, and remove it from the program. Use a"
    " role, or a reference to a secret store",
    tags=("credentials",),
    settings={
        "mayHoldCredentials": string_list(
            "Types that exist to hold a credential, like aws:iam/accessKey:AccessKey.", pattern=TYPE_PATTERN
        )
    },
    waivers={"mayHoldCredentials": []},
    check_inputs=credentials,
)
