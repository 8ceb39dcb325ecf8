"""Both packs through the real CLI:

the same verdict in a preview, an update, and an analysis of what is stored.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import boto3
import pytest
from consent_rules.pack import RULES as CONSENT_RULES
from consent_rules.pack import consent_policies
from safeguard_rules.pack import RULES as SAFEGUARD_RULES
from safeguard_rules.pack import safeguard_policies

from tests.policies.analyzer import ROOT as STACK_RESOURCE
from tests.policies.analyzer import STACK, UNKNOWN, Analyzer, Declared
from tests.policies.broken_stack import UNKNOWABLE, broken
from tests.policies.conftest import PACKS
from tests.policies.consent_cases import CONSENT_CASES
from tests.policies.pulumi_engine import PulumiEngine, Verdicts
from tests.policies.safeguard_cases import SAFEGUARD_CASES
from tests.policies.voice_stack import TRUST
from tests.sandbox_process import SandboxProcess

RULES: Final = {rule.name for rule in (*CONSENT_RULES, *SAFEGUARD_RULES)}
_NOT_STORED: Final = ("4dabf18193072939515e22adb298388d", UNKNOWN)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[SandboxProcess]:
    with SandboxProcess() as made:
        yield made


@pytest.fixture(scope="module")
def key_arn(sandbox: SandboxProcess) -> str:
    """A key, a role and a queue are there, which the stack did not make."""
    session = boto3.Session("key-id", "secret-key", region_name="us-east-1")

    def client(service: str) -> Any:
        return session.client(service, endpoint_url=sandbox.endpoint)

    client("iam").create_role(RoleName="chime", AssumeRolePolicyDocument=json.dumps(TRUST))
    client("sqs").create_queue(QueueName="elsewhere")
    client("sqs").create_queue(QueueName="insights")
    arn: str = client("kms").create_key()["KeyMetadata"]["Arn"]
    return arn


@pytest.fixture(scope="module")
def engine(sandbox: SandboxProcess, tmp_path_factory: pytest.TempPathFactory) -> PulumiEngine:
    packs = [PACKS / "consent", PACKS / "safeguards"]
    made = PulumiEngine(tmp_path_factory.mktemp("engine"), sandbox.environment, packs)
    made.run("stack", "init", STACK)
    made.run("config", "set", "aws:region", "us-east-1")
    return made


def _own(verdicts: Verdicts, level: str) -> set[str]:
    """Return the rules that refuse the resource which is made to break them."""
    return {rule for rule, reported, name in verdicts if reported == level and name == rule}


def test_each_rule_has_the_same_verdict_in_preview_up_and_analyze(engine: PulumiEngine, key_arn: str) -> None:
    engine.declare([*broken(key_arn), UNKNOWABLE])
    previewed = engine.update("preview", fails=True)
    assert _own(previewed, "mandatory") == RULES

    engine.declare(broken(key_arn))
    updated = engine.update("up", "--yes", "--skip-preview", settings={"all": "advisory"})
    assert _own(updated, "advisory") == RULES - {"consent-known"}

    analyzed = engine.analyze(fails=True)
    assert _own(analyzed, "mandatory") == RULES - {"consent-known"}


def test_up_makes_nothing_that_a_rule_refuses(engine: PulumiEngine) -> None:
    refused = next(one for one in broken("") if one.name == "consent-in-force")
    engine.declare([Declared(refused.type, "refused", refused.inputs)])
    engine.update("up", "--yes", "--skip-preview", fails=True)
    state = json.loads(engine.run("stack", "export"))
    assert not [one for one in state["deployment"]["resources"] if one["urn"].endswith("::refused")]


def _stored(resources: list[Declared]) -> dict[str, Any]:
    """Return the resources as `pulumi stack export` writes them."""
    by_name = {one.name: one.urn for one in resources}
    listed = [
        {
            "urn": one.urn,
            "type": one.type,
            "custom": one is not STACK_RESOURCE,
            **({} if one is STACK_RESOURCE else {"id": f"id-{one.name}", "parent": STACK_RESOURCE.urn}),
            "inputs": one.inputs,
            "outputs": one.seen_outputs,
            "protect": one.protect,
            "ignoreChanges": list(one.ignore_changes),
            "propertyDependencies": {
                key: [by_name[name] for name in names] for key, names in one.sources.items()
            },
        }
        for one in resources
    ]
    manifest = {"time": "2026-11-23T00:00:00Z", "magic": "", "version": "v3.259.0"}
    return {"version": 3, "deployment": {"manifest": manifest, "resources": listed}}


def _every_refused_resource() -> list[Declared]:
    """Return the resources of all tables that are refused without settings and can be stored, with unique names."""
    kept: list[Declared] = []
    for number, case in enumerate([*CONSENT_CASES, *SAFEGUARD_CASES]):
        text = json.dumps([[one.inputs, one.outputs] for one in case.resources])
        if not case.names or case.settings or any(word in text for word in _NOT_STORED):
            continue
        for one in case.resources:
            if one.stack == STACK and not one.sources and not one.provider:
                kept.append(
                    Declared(
                        one.type,
                        f"{number}-{one.name}",
                        one.inputs,
                        one.outputs,
                        one.parents,
                        one.protect,
                        one.ignore_changes,
                    )
                )
    return kept


def test_the_cli_reports_on_stored_state_what_the_servicer_reports_in_this_process(
    engine: PulumiEngine,
) -> None:
    resources = _every_refused_resource()
    path = engine.folder / "state.json"
    path.write_text(json.dumps(_stored([STACK_RESOURCE, *resources])), encoding="utf-8")
    by_cli = engine.analyze(f"--file={path}", fails=True)
    today = datetime.now(UTC).date()
    in_process = [
        verdict
        for policies in (consent_policies(today), safeguard_policies(today))
        for verdict in Analyzer(policies).judge(resources)
    ]
    assert by_cli == {(one.rule, one.level, one.urn.rpartition("::")[2]) for one in in_process}
    assert {rule for rule, _, _ in by_cli} == RULES


def test_settings_that_break_the_schema_are_refused_by_the_engine(engine: PulumiEngine) -> None:
    engine.declare([])
    settings = engine.folder / "wrong.json"
    settings.write_text(json.dumps({"consent-in-force": {"minimumDaysLeft": -1}}), encoding="utf-8")
    with pytest.raises(RuntimeError, match="minimumDaysLeft: Must be greater than or equal to 0"):
        engine.run("preview", f"--policy-pack={PACKS / 'consent'}", f"--policy-pack-config={settings}")


def test_packs_run_from_a_copy_of_their_folders_only(
    engine: PulumiEngine, installed: Path, tmp_path: Path
) -> None:
    packs = []
    for pack in ("consent", "safeguards"):
        alone = tmp_path / pack
        shutil.copytree(PACKS / pack, alone, ignore=shutil.ignore_patterns(".venv", "__pycache__"))
        (alone / ".venv").symlink_to(installed)
        packs.append(f"--policy-pack={alone}")
    engine.declare([])
    output = engine.run("preview", *packs)
    assert "✅ speaker-search-consent@v" in output
    assert "✅ speaker-search-safeguards@v" in output


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment with what a pack's requirements lock, and nothing else; both packs lock the same."""
    folder = tmp_path_factory.mktemp("installed") / "venv"
    requirements = PACKS / "consent" / "requirements.txt"
    uv = Path(sys.executable).with_name("uv")
    for command in (
        ["venv", "--quiet", "--python", sys.executable, "--seed", str(folder)],
        [
            "pip",
            "install",
            "--quiet",
            "--python",
            str(folder / "bin" / "python"),
            "--require-hashes",
            "-r",
            str(requirements),
        ],
    ):
        subprocess.run([str(uv), *command], check=True, env=dict(os.environ))
    return folder
