"""Connect to AWS as the stack does: with its `aws:` config, its account and its regions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final

from botocore.exceptions import BotoCoreError
from botocore.session import Session
from pulumi_speaker_search.lifecycle.aws_call import Aws
from pulumi_speaker_search.lifecycle.aws_client import (
    MEDIA_PIPELINES,
    AwsSettings,
    client,
    settings_from_config,
)
from pulumi_speaker_search.lifecycle.aws_config import InvalidSettingsError
from pulumi_speaker_search.lifecycle.errors import ActionError, SpeakerSearchError
from pulumi_speaker_search.lifecycle.ledger_memory import LedgerMemory
from pulumi_speaker_search.lifecycle.rate import pace_of
from pulumi_speaker_search.lifecycle.stack_record import StackRecord

from .pulumi_backend import CommandError, OperatedStack

CREDENTIAL_KEYS: Final = ("accessKey", "secretKey", "token")


@dataclass(frozen=True)
class StackAws:
    """The AWS account of a stack. `warn` receives what the user should read although nothing failed."""

    settings: AwsSettings
    warn: Callable[[str], None]
    memory: LedgerMemory

    def in_region(self, region: str | None) -> Aws:
        """Return AWS in one region.

        Raises:
            CommandError: There are no credentials, they belong to another account than the state, or AWS can't be
                reached.
        """
        settings = self.settings.in_region(region)
        try:
            client(settings, MEDIA_PIPELINES)
        except SpeakerSearchError as error:
            raise CommandError(str(error)) from error
        except BotoCoreError as error:
            raise CommandError(f"AWS can't be reached: {error}") from error
        return Aws(
            get_client=lambda service: client(settings, service),
            warn=self.warn,
            pace=pace_of(settings),
            memory=self.memory,
        )

    def default_region(self) -> str:
        """Return the region of the config or the environment."""
        self.in_region(None)
        return str(client(self.settings, MEDIA_PIPELINES).meta.region_name)


def create_aws(stack: OperatedStack, warn: Callable[[str], None]) -> StackAws:
    """Return AWS as the stack's config and the environment define it. Its account has to be the one in the state.

    Raises:
        CommandError: A key of the `aws:` config is wrong.
    """
    config = dict(stack.config)
    if stack.config_error:
        reason = stack.config_error.rstrip(".")
        warn(f"{reason}. The credentials of the environment are used, in the regions that the state names.")
    if stack.undecrypted_keys:
        keys = ", ".join(stack.undecrypted_keys)
        warn(
            f"{keys} can't be decrypted without the passphrase. The credentials of the environment are used."
        )
        for key in CREDENTIAL_KEYS:
            config.pop(key, None)
    try:
        settings = settings_from_config(config.get)
    except InvalidSettingsError as error:
        raise CommandError(f"{error}.") from error
    accounts = stack.record.accounts
    if len(accounts) == 1:
        (account_id,) = accounts
        settings = replace(settings, account_id=account_id)
    return StackAws(settings, warn, LedgerMemory())


def regions_of(record: StackRecord, aws: StackAws, region: str | None) -> list[str]:
    """Return the regions to search: `region`, or each one in state or config that has media pipelines.

    Raises:
        CommandError: `region` is none.
    """
    if region is not None:
        require_region(region, [record])
        return [region]
    declared = _regions_of_resources(record)
    available = set(_available_regions())
    named = {name for name in (*record.regions, aws.settings.region) if name in available}
    return sorted(declared | named) or [aws.default_region()]


def require_region(region: str | None, records: Iterable[StackRecord]) -> None:
    """Refuse a region that does not exist: nothing would be found there, as if nothing were running.

    Raises:
        CommandError: Neither botocore nor a state names the region.
    """
    if region is None or region in _available_regions():
        return
    in_state = {name for record in records for name in (*record.regions, *_regions_of_resources(record))}
    if region not in in_state:
        named = f" The state names {', '.join(sorted(in_state))}." if in_state else ""
        raise CommandError(f"--region {region} is no region of Amazon Chime SDK media pipelines.{named}")


def _regions_of_resources(record: StackRecord) -> set[str]:
    return {resource.region for resource in (*record.resources, *record.interrupted) if resource.region}


def _available_regions() -> list[str]:
    session = Session()
    return [
        region
        for partition in session.get_available_partitions()
        for region in session.get_available_regions(MEDIA_PIPELINES, partition)
    ]


def reason_of(error: SpeakerSearchError) -> str:
    """Return why an action failed, with the last status, AWS's error code and the request id, without a remedy.

    A remedy in the error is meant for the resource in a program; the commands name their own.
    """
    if not isinstance(error, ActionError):
        return error.reason
    facts = [
        f"last status {error.last_status}" if error.last_status else "",
        f"AWS {error.aws_code}" if error.aws_code else "",
        f"request id {error.request_id}" if error.request_id else "",
    ]
    details = ", ".join(fact for fact in facts if fact)
    return f"{error.reason} [{details}]" if details else error.reason
