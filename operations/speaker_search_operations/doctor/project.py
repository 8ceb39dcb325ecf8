"""Check the Pulumi project: is its backend reachable, and can its stack be read?"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from pulumi_speaker_search.lifecycle.aws_client import AwsSettings, settings_from_config
from pulumi_speaker_search.lifecycle.stack_record import StackRecord

from ..pulumi_backend import CommandError, NoProjectError, read_stack
from ..review.pulumi_cli import CliTimeoutError, PulumiCli, ReviewError
from ..stack_aws import create_aws
from .check import Check, Verdict

LOGIN: Final = "Run `pulumi whoami --verbose`, and `pulumi login` if you are not logged in."
SELECT: Final = "Run `pulumi stack ls`, then give --stack, or run `pulumi stack select`."


def backend_check(pulumi: PulumiCli) -> Check:
    """Ask the CLI which backend it is logged in to. The user's name and local folders are not shown."""
    try:
        result = pulumi(["whoami", "--verbose", "--json"])
    except CliTimeoutError as error:
        return Check(name="backend", verdict=Verdict.UNKNOWN, found=str(error), remedy=LOGIN)
    except ReviewError as error:
        return Check(
            name="backend", verdict=Verdict.UNKNOWN, found=str(error), remedy="See the check engine."
        )
    if result.code != 0:
        reason = (result.error_lines.splitlines() or ["it printed no reason"])[0].removeprefix("error: ")
        found = f"The backend can't be used: {reason}"
        return Check(name="backend", verdict=Verdict.PROBLEM, found=found, remedy=LOGIN)
    try:
        url = str(json.loads(result.stdout).get("url", ""))
    except (json.JSONDecodeError, AttributeError):
        found = "`pulumi whoami` printed no JSON."
        return Check(name="backend", verdict=Verdict.UNKNOWN, found=found, remedy=LOGIN)
    return Check(name="backend", verdict=Verdict.OK, found=f"The backend is {place_of(url)}.")


def place_of(url: str) -> str:
    """Return where a backend is, without folders, queries and credentials, which may name persons."""
    parts = urlsplit(url)
    if parts.scheme == "file":
        return "a folder of this machine (file://)"
    return f"{parts.scheme}://{parts.hostname or ''}" if parts.scheme else "not named"


@dataclass
class StackReading:
    """What is known of the stack and its config after `run`.

    Attributes:
        record: Its state; None if there is no project or it could not be read.
        settings: AWS as its config and the environment define it; of the environment alone if it could not be read.
    """

    folder: Path
    name: str | None
    pulumi: PulumiCli
    record: StackRecord | None = None
    settings: AwsSettings = field(default_factory=lambda: settings_from_config(lambda _key: None))

    def run(self) -> Sequence[Check]:
        """Read the stack."""
        try:
            operated = read_stack(self.folder, self.name, self.pulumi)
        except NoProjectError:
            found = "There is no Pulumi project here: no stack, no config and no task of a stack was checked."
            remedy = "Give the folder of the project with --cwd."
            return [Check(name="stack", verdict=Verdict.UNKNOWN, found=found, remedy=remedy)]
        except CommandError as error:
            is_timeout = isinstance(error.__cause__, CliTimeoutError)
            verdict = Verdict.UNKNOWN if is_timeout else Verdict.PROBLEM
            return [Check(name="stack", verdict=verdict, found=str(error), remedy=SELECT)]
        record = operated.record
        warnings: list[str] = []
        try:
            settings = create_aws(operated, warnings.append).settings
        except CommandError as error:
            self.record = record
            remedy = "Correct the key with `pulumi config set aws:KEY VALUE`."
            return [Check(name="stack", verdict=Verdict.PROBLEM, found=str(error), remedy=remedy)]
        self.record, self.settings = record, settings
        found = f"Stack {record.stack} of project {record.project}; tasks in its state: {len(record.tasks)}."
        if warnings:
            found = " ".join([found, *warnings])
            remedy = "Set PULUMI_CONFIG_PASSPHRASE, or correct the stack's config file."
            return [Check(name="stack", verdict=Verdict.WARNING, found=found, remedy=remedy)]
        return [Check(name="stack", verdict=Verdict.OK, found=found)]
