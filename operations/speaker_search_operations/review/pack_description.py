"""Ask a pack to describe itself: its rules with remediation, framework and settings.

The engine's events name a rule, its level and its severity only. The pack is asked for the rest, as the
engine does it: it is started, prints its port, and answers `GetAnalyzerInfo` (`pulumi/analyzer.proto`).
This works for packs in Python; for others, the report has the data of the events, and states that.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import grpc
from google.protobuf import empty_pb2, json_format
from pulumi.runtime.proto import analyzer_pb2, analyzer_pb2_grpc

from .pack_folders import PackFolder
from .review_model import Pack, Rule, Setting
from .untrusted_text import one_line, printable

ANSWER_SECONDS: Final = 60
DISABLED: Final = "disabled"
ALL_RULES: Final = "all"
"""The name of all rules of a pack in its config (sdk/go/common/resource/plugin/analyzer.go)."""
NOT_SHOWN: Final = "(not shown)"
_SENSITIVE: Final = ("secret", "token", "password", "credential")


def described_pack(pack: PackFolder) -> Pack:
    """Start the pack and ask it. If it does not answer, return what its folder says."""
    project, digest, config = pack.project, pack.digest(), pack.config_values()
    info = _ask(pack) if _python_of(pack) else None
    if info is None:
        return Pack(
            name=one_line(project.get("name", pack.folder.name)),
            version=one_line(project.get("version", "")),
            source=one_line(pack.given),
            digest=digest,
            told=False,
            settings=tuple(_given_settings(config)),
            switched_off=tuple(
                one_line(rule) for rule, level in _levels(config).items() if level == DISABLED
            ),
        )
    rules = tuple(_rule(policy, config) for policy in info.policies)
    return Pack(
        name=one_line(info.name),
        version=one_line(project.get("version") or info.version),
        source=one_line(pack.given),
        digest=digest,
        description=printable(info.description or project.get("description", "")),
        rules=rules,
        settings=tuple(_settings(info, config)),
        switched_off=tuple(rule.name for rule in rules if rule.level == DISABLED),
        softened=tuple(
            rule.name
            for rule, policy in zip(rules, info.policies, strict=True)
            if rule.level == "advisory" and policy.enforcementLevel == analyzer_pb2.MANDATORY
        ),
    )


def _python_of(pack: PackFolder) -> str | None:
    """Return the pack's interpreter: its own, or this one; None if the pack is not in Python."""
    runtime = pack.project.get("runtime")
    name = runtime.get("name") if isinstance(runtime, dict) else runtime
    if name != "python":
        return None
    options = (runtime.get("options") or {}) if isinstance(runtime, dict) else {}
    if not options.get("virtualenv"):
        return sys.executable
    return str(pack.folder / options["virtualenv"] / "bin" / "python")


def _ask(pack: PackFolder) -> analyzer_pb2.AnalyzerInfo | None:
    python = _python_of(pack)
    if python is None or not Path(python).exists():
        return None
    with subprocess.Popen(
        [python, "-u", "__main__.py"],
        cwd=pack.folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            port = process.stdout.readline().strip() if process.stdout else ""
            if not port.isdecimal():
                return None
            with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
                stub = analyzer_pb2_grpc.AnalyzerStub(channel)
                info: analyzer_pb2.AnalyzerInfo = stub.GetAnalyzerInfo(
                    empty_pb2.Empty(), timeout=ANSWER_SECONDS
                )
                return info
        except grpc.RpcError:
            return None
        finally:
            process.kill()


def _word(enum: Any, number: int, prefix: str = "") -> str:
    word: str = enum.Name(number).removeprefix(prefix).lower()
    return "" if word == "unspecified" else word


def _levels(config: Mapping[str, Any]) -> dict[str, str]:
    """Return the levels in the config, by rule or `all`."""
    levels = {rule: _as_settings(values).get("enforcementLevel") for rule, values in config.items()}
    return {rule: level.lower() for rule, level in levels.items() if isinstance(level, str)}


def _rule(policy: analyzer_pb2.PolicyInfo, config: Mapping[str, Any]) -> Rule:
    levels, own = _levels(config), _word(analyzer_pb2.EnforcementLevel, policy.enforcementLevel)
    framework = policy.framework
    reference = " ".join(part for part in (framework.name, framework.version, framework.reference) if part)
    return Rule(
        name=one_line(policy.name),
        title=one_line(policy.displayName or policy.name),
        description=printable(policy.description),
        level=levels.get(policy.name) or levels.get(ALL_RULES) or own,
        severity=_word(analyzer_pb2.PolicySeverity, policy.severity, "POLICY_SEVERITY_"),
        framework=one_line(": ".join(part for part in (reference, framework.specification) if part)),
        remediation=printable(policy.remediation_steps),
        page=one_line(policy.url),
        tags=tuple(one_line(tag) for tag in policy.tags),
    )


def _settings(info: analyzer_pb2.AnalyzerInfo, config: Mapping[str, Any]) -> Iterator[Setting]:
    for policy in info.policies:
        schemas = json_format.MessageToDict(policy.configSchema.properties)
        given = config.get(policy.name, {})
        yield from _given_settings({policy.name: given} if given else {})
        for name, schema in schemas.items():
            if isinstance(schema, dict) and "default" in schema and name not in _as_settings(given):
                yield _setting(policy.name, name, schema["default"], given=False)
    known = {policy.name for policy in info.policies}
    yield from _given_settings({rule: value for rule, value in config.items() if rule not in known})


def _given_settings(config: Mapping[str, Any]) -> Iterator[Setting]:
    for rule, values in config.items():
        for name, value in _as_settings(values).items():
            yield _setting(rule, name, value, given=True)


def _as_settings(values: Any) -> Mapping[str, Any]:
    """Return a rule's config as settings: it may be its level alone."""
    return values if isinstance(values, dict) else {"enforcementLevel": values}


def _setting(rule: str, name: str, value: Any, *, given: bool) -> Setting:
    sensitive = any(word in name.lower() for word in _SENSITIVE)
    whole = int(value) if isinstance(value, float) and value.is_integer() else value
    shown = NOT_SHOWN if sensitive else json.dumps(whole, ensure_ascii=False, sort_keys=True)
    return Setting(rule=one_line(rule), name=one_line(name), value=printable(shown), given=given)
