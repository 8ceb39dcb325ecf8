"""Write what a page in docs/policies repeats of its rule: title, description, metadata and settings.

The rest of a page is written by hand. `make pages` rewrites the pages. `python -m tools.policy_pages --check` lists
those that differ from their rule and exits with 1.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from pulumi_policy import Policy

ROOT: Final = Path(__file__).resolve().parent.parent
PAGES: Final = Path("docs/policies")

_TABLE_HEAD: Final = "| setting | type | limits | default | what it is |\n| --- | --- | --- | --- | --- |\n"
_LIMITS: Final = {
    "pattern": "`{}`",
    "minimum": "at least {}",
    "maximum": "at most {}",
    "maxItems": "at most {} items",
    "maxProperties": "at most {} entries",
}
_HAND_WRITTEN: Final = re.compile(r"\n## (?!Settings\n).*?(?=\n## |\Z)", re.DOTALL)


def all_policies(root: Path) -> dict[str, list[Policy]]:
    """Return pack → its policies. Each pack is imported from its own folder, as the Pulumi CLI does."""
    for pack in ("consent", "safeguards"):
        folder = str(root / "policies" / pack)
        if folder not in sys.path:
            sys.path.insert(0, folder)
    from consent_rules.pack import consent_policies
    from safeguard_rules.pack import safeguard_policies

    today = datetime.now(UTC).date()
    return {"consent": consent_policies(today), "safeguards": safeguard_policies(today)}


def page(policy: Policy, pack: str, current: str) -> str:
    """Return the page of a policy: the generated parts, and the sections that `current` has by hand."""
    sections = [match.group().strip() for match in _HAND_WRITTEN.finditer(f"\n{current}")]
    # The settings come before the last two sections: what to do, and which bypasses were tested.
    before, after = sections[:-2], sections[-2:]
    head = f"# {policy.name}\n\n{policy.description}\n\n{_metadata(policy, pack)}"
    settings = policy.config_schema.properties if policy.config_schema else {}
    return "\n\n".join([head, *before, f"## Settings\n\n{_settings(settings)}", *after]) + "\n"


def _metadata(policy: Policy, pack: str) -> str:
    framework, level, severity = policy.framework, policy.enforcement_level, policy.severity
    if framework is None or level is None or severity is None:
        raise ValueError(f"{policy.name} needs a framework, an enforcement level and a severity")
    source = f"{framework.name} {framework.version}".strip()
    return (
        f"Pack `policies/{pack}` · {level.value} · severity {severity.value} · {source}, {framework.reference}:"
        f" {framework.specification}"
    )


def _settings(settings: Mapping[str, Mapping[str, Any]]) -> str:
    if not settings:
        return "None."
    return _TABLE_HEAD + "\n".join(_row(name, schema) for name, schema in settings.items())


def _row(name: str, schema: Mapping[str, Any]) -> str:
    limits = (
        ", ".join(text.format(schema[limit]) for limit, text in _LIMITS.items() if limit in schema) or "-"
    )
    default = json.dumps(schema["default"])
    return f"| `{name}` | {schema['type']} | {limits} | `{default}` | {schema['description']} |"


def stale_pages(root: Path) -> Iterator[tuple[Path, str]]:
    """Yield (path, text that it should have) of each page that differs from its rule."""
    for pack, policies in all_policies(root).items():
        for policy in policies:
            path = root / PAGES / f"{policy.name}.md"
            current = path.read_text(encoding="utf-8")
            text = page(policy, pack, current)
            if text != current:
                yield path, text


def main(arguments: Iterable[str]) -> int:
    """Write the pages, or check them with `--check`. Return the exit code."""
    given = list(arguments)
    if given not in ([], ["--check"]):
        print("usage: python -m tools.policy_pages [--check]", file=sys.stderr)
        return 2
    stale = list(stale_pages(ROOT))
    for path, text in stale:
        if given:
            print(f"{path.relative_to(ROOT)} differs from its rule. Run `make pages`.", file=sys.stderr)
        else:
            path.write_text(text, encoding="utf-8")
    return 1 if given and stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
