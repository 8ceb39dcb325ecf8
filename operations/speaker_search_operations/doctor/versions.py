"""Check Python, the Pulumi engine, the SDKs and the `aws` plugin against what this distribution requires.

The distribution's metadata has the ranges. A project's locked.txt has exact versions, which are compared too.
"""

from __future__ import annotations

import json
import platform
import re
from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, metadata, requires, version
from pathlib import Path
from typing import Any, Final

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.version import InvalidVersion, Version

from ..review.provenance import DISTRIBUTION
from ..review.pulumi_cli import PulumiCli, ReviewError
from .check import Check, Verdict

CLI: Final = "pulumi"
AWS_SDK: Final = "pulumi-aws"
PACKAGES: Final = (CLI, AWS_SDK, "botocore")
LOCK_FILES: Final = ("requirements/locked.txt", "requirements.txt")
PINNED: Final = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^\s;\\]+)", re.MULTILINE)
ACQUISITION_OFF: Final = "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION"
LEGACY_SEARCH: Final = "PULUMI_ENABLE_LEGACY_PLUGIN_SEARCH"
INSTALL_ENGINE: Final = (
    "Install Pulumi (https://www.pulumi.com/docs/install), or run `make setup` and use .engine/bin."
)


def required(package: str) -> SpecifierSet:
    """Return the versions of a package that this distribution accepts."""
    for line in requires(DISTRIBUTION) or ():
        requirement = Requirement(line)
        if requirement.name == package:
            return requirement.specifier
    return SpecifierSet()


def tested_pythons(classifiers: Sequence[str]) -> list[Version]:
    """Return the versions of Python that the classifiers of a distribution name."""
    found = (re.fullmatch(r"Programming Language :: Python :: (\d+\.\d+)", one) for one in classifiers)
    return sorted(Version(match[1]) for match in found if match)


def python_check(running: str) -> Check:
    """Compare the running Python with the versions that are tested."""
    tested = tested_pythons(metadata(DISTRIBUTION).get_all("Classifier") or ())
    found = f"Python {running}; tested with {tested[0]} to {tested[-1]}."
    if tested[0].release[:2] <= Version(running).release[:2] <= tested[-1].release[:2]:
        return Check(name="python", verdict=Verdict.OK, found=found)
    too_old = Version(running).release[:2] < tested[0].release[:2]
    return Check(
        name="python",
        verdict=Verdict.PROBLEM if too_old else Verdict.WARNING,
        found=found,
        remedy=f"Install into an environment of Python {tested[-1]}, such as `python{tested[-1]} -m venv .venv`.",
    )


def running_python() -> str:
    """Return the version of the running Python."""
    return platform.python_version()


def engine_check(pulumi: PulumiCli) -> Check:
    """Run `pulumi version`, and compare it with the range of the SDK: engine and SDK belong together."""
    try:
        result = pulumi(["version"])
    except ReviewError as error:
        is_missing = type(error) is ReviewError
        verdict = Verdict.PROBLEM if is_missing else Verdict.UNKNOWN
        return Check(name="engine", verdict=verdict, found=str(error), remedy=INSTALL_ENGINE)
    text = result.stdout.strip()
    found_version = parse(text)
    if result.code != 0 or found_version is None:
        return Check(
            name="engine",
            verdict=Verdict.UNKNOWN,
            found=f"`pulumi version` printed no version (exit code {result.code}).",
            remedy=INSTALL_ENGINE,
        )
    accepted = required(CLI)
    found = f"Pulumi {found_version}; accepted: {_words(accepted)}."
    if accepted.contains(found_version, prereleases=True):
        return Check(name="engine", verdict=Verdict.OK, found=found)
    return Check(name="engine", verdict=Verdict.PROBLEM, found=found, remedy=INSTALL_ENGINE)


def parse(text: str) -> Version | None:
    """Return a version from text such as `v3.259.0`; None if it is none."""
    try:
        return Version(text.strip())
    except InvalidVersion:
        return None


def package_checks(folder: Path) -> Iterator[Check]:
    """Compare each installed package with its range, and with the pin of the project."""
    file, pins = _pins(folder)
    for package in PACKAGES:
        yield _package_check(package, file, pins)


def _package_check(package: str, file: str, pins: Mapping[str, str]) -> Check:
    name = f"package {package}"
    accepted = required(package)
    remedy = (
        "Run `make setup` in this repository, or `pip install --upgrade pulumi-speaker-search` elsewhere."
    )
    try:
        installed = version(package)
    except PackageNotFoundError:
        return Check(name=name, verdict=Verdict.PROBLEM, found=f"{package} is not installed.", remedy=remedy)
    found = f"{package} {installed}; accepted: {_words(accepted)}."
    if not accepted.contains(installed, prereleases=True):
        return Check(name=name, verdict=Verdict.PROBLEM, found=found, remedy=remedy)
    pin = pins.get(package)
    if pin is not None and Version(pin) != Version(installed):
        return Check(
            name=name,
            verdict=Verdict.WARNING,
            found=f"{package} {installed}, but {file} has {pin}.",
            remedy=f"Run `make setup`, or `pip install -r {file}`.",
        )
    locked = f" As {file} has it." if pin is not None else ""
    return Check(name=name, verdict=Verdict.OK, found=found + locked)


def _pins(folder: Path) -> tuple[str, dict[str, str]]:
    for name in LOCK_FILES:
        try:
            text = (folder / name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            continue
        found = {match["name"].lower(): match["version"] for match in PINNED.finditer(text)}
        return name, {package: pin for package, pin in found.items() if parse(pin) is not None}
    return "", {}


def _words(accepted: SpecifierSet) -> str:
    return ", ".join(sorted(map(str, accepted), reverse=True)) or "any"


def plugin_check(pulumi: PulumiCli, environment: Mapping[str, str]) -> Check:
    """Compare the installed `aws` plugins with the SDK, which asks for the plugin of its own version."""
    wanted = Version(version(AWS_SDK))
    installed = _installed_plugins(pulumi)
    if installed is None:
        return Check(
            name="aws plugin",
            verdict=Verdict.UNKNOWN,
            found="`pulumi plugin ls` could not be read.",
            remedy="Run `pulumi plugin ls`.",
        )
    if wanted in installed:
        return Check(name="aws plugin", verdict=Verdict.OK, found=f"The aws plugin {wanted} is installed.")
    newer = [one for one in installed if one.major == wanted.major and one > wanted]
    if newer and environment.get(LEGACY_SEARCH):
        found = f"The aws plugin {max(newer)} is used for SDK {wanted}, because {LEGACY_SEARCH} is set."
        return Check(name="aws plugin", verdict=Verdict.OK, found=found)
    names = ", ".join(map(str, sorted(installed))) or "none"
    is_off = bool(environment.get(ACQUISITION_OFF))
    way = f"{ACQUISITION_OFF} is set" if is_off else "the next `pulumi up` downloads it"
    return Check(
        name="aws plugin",
        verdict=Verdict.PROBLEM if is_off else Verdict.WARNING,
        found=f"The SDK asks for the aws plugin {wanted}; installed: {names}; {way}.",
        remedy=f"pulumi plugin install resource aws v{wanted}",
    )


def _installed_plugins(pulumi: PulumiCli) -> list[Version] | None:
    result = pulumi(["plugin", "ls", "--json"])
    try:
        listed: Any = json.loads(result.stdout) if result.code == 0 else None
    except json.JSONDecodeError:
        return None
    if not isinstance(listed, list):
        return None
    versions = (
        parse(str(one.get("version")))
        for one in listed
        if isinstance(one, dict) and (one.get("kind"), one.get("name")) == ("resource", "aws")
    )
    return [one for one in versions if one is not None]
