"""AWS as a stack reaches it: its `aws:` config, its account, its regions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

from botocore.exceptions import BotoCoreError
from botocore.session import Session
from pulumi_speaker_search.lifecycle.aws_call import Aws
from pulumi_speaker_search.lifecycle.aws_client import (
    MEDIA_PIPELINES,
    AwsSettings,
    InvalidSettingsError,
    client,
    settings_from_config,
)
from pulumi_speaker_search.lifecycle.errors import SpeakerSearchError
from pulumi_speaker_search.lifecycle.ledger_memory import LedgerMemory
from pulumi_speaker_search.lifecycle.rate import pace_of
from pulumi_speaker_search.lifecycle.stack_record import StackRecord

from .pulumi_backend import OperatedStack, UnreadableError

KEYS_OF_CREDENTIALS: Final = ("accessKey", "secretKey", "token")


@dataclass(frozen=True)
class StackAws:
    """Where a stack's searches are. `warn` hears what the user should read though nothing failed."""

    settings: AwsSettings
    warn: Callable[[str], None]
    memory: LedgerMemory

    def in_region(self, region: str | None) -> Aws:
        """AWS in one region.

        Raises:
            UnreadableError: There are no credentials, they are of another account than the state, or nothing answers.
        """
        settings = self.settings.in_region(region)
        try:
            client(settings, MEDIA_PIPELINES)
        except SpeakerSearchError as unusable:
            raise UnreadableError(str(unusable)) from unusable
        except BotoCoreError as unusable:
            raise UnreadableError(f"AWS can't be reached: {unusable}") from unusable
        return Aws(
            client_of=lambda service: client(settings, service),
            warn=self.warn,
            pace=pace_of(settings),
            memory=self.memory,
        )

    def default_region(self) -> str:
        """The region of config and environment."""
        self.in_region(None)
        return str(client(self.settings, MEDIA_PIPELINES).meta.region_name)


def aws_of(stack: OperatedStack, warn: Callable[[str], None]) -> StackAws:
    """Return AWS as the stack's config and the environment say; its account has to be the state's.

    Raises:
        UnreadableError: A key of `aws:` config is wrong.
    """
    config = dict(stack.config)
    if stack.unread_keys:
        warn(
            f"{', '.join(stack.unread_keys)} can't be decrypted here: the credentials of the environment are used."
        )
        for key in KEYS_OF_CREDENTIALS:
            config.pop(key, None)
    try:
        settings = settings_from_config(config.get)
    except InvalidSettingsError as wrong:
        raise UnreadableError(f"{wrong}.") from wrong
    accounts = stack.record.accounts
    if len(accounts) == 1:
        (account_id,) = accounts
        settings = replace(settings, account_id=account_id)
    return StackAws(settings, warn, LedgerMemory())


def regions_of(record: StackRecord, aws: StackAws, given: str | None) -> list[str]:
    """Return the regions to look at: every one that state names and that has media pipelines, and config's."""
    if given:
        return [given]
    ours = {one.region for one in (*record.resources, *record.interrupted) if one.region}
    offered = set(_offered())
    named = {one for one in (*record.regions, aws.settings.region) if one in offered}
    return sorted(ours | named) or [aws.default_region()]


def _offered() -> list[str]:
    session = Session()
    return [
        region
        for partition in session.get_available_partitions()
        for region in session.get_available_regions(MEDIA_PIPELINES, partition)
    ]
