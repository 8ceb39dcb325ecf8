"""Check who the credentials are, and whether their account and region are the right ones. No secret is shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError
from pulumi_speaker_search.lifecycle.aws_client import AwsSettings, client, credential_source
from pulumi_speaker_search.lifecycle.errors import AccountMismatchError, SpeakerSearchError
from pulumi_speaker_search.lifecycle.regions import VOICE_ANALYTICS_REGIONS

from .check import Check, Verdict

STS: Final = "sts"
HOW_TO_SIGN_IN: Final = (
    "Set AWS_PROFILE, run `aws sso login` or `aws configure`, or set the `aws:` config of the stack. `aws sts "
    "get-caller-identity` shows the result."
)
NOT_REFUSED: Final = 500
"""From this HTTP status on, AWS has failed and refused nothing."""

SHOWN: Final = 4
SHORTENED_FROM: Final = 12


@dataclass(frozen=True, slots=True)
class Caller:
    """The identity of the caller, as STS returns it."""

    account_id: str
    arn: str

    @property
    def partition(self) -> str:
        """The partition of AWS, such as `aws`."""
        return self.arn.split(":")[1]

    @property
    def shown_arn(self) -> str:
        """The ARN without the name of a session, which often is the mail address of a person."""
        head, _, resource = self.arn.rpartition(":")
        kind, *names = resource.split("/")
        return (
            f"{head}:{'/'.join([kind, *names[:-1]])}"
            if kind in ("assumed-role", "federated-user")
            else self.arn
        )


def fetch_caller(settings: AwsSettings) -> Caller:
    """Ask STS for the identity of the caller, whatever account the settings demand. It needs no permission.

    Raises:
        ClientError: AWS refuses the credentials.
        BotoCoreError: There are none, or STS can't be reached.
    """
    anybody = replace(
        settings,
        region=settings.region or VOICE_ANALYTICS_REGIONS[0],
        account_id=None,
        allowed_account_ids=(),
        forbidden_account_ids=(),
    )
    answer: Any = client(anybody, STS).get_caller_identity()
    return Caller(str(answer["Account"]), str(answer["Arn"]))


def shortened(access_key_id: str) -> str:
    """Return the ends of an access key id: enough to tell two apart."""
    if len(access_key_id) < SHORTENED_FROM:
        return access_key_id[:SHOWN] + "..."
    return f"{access_key_id[:SHOWN]}...{access_key_id[-SHOWN:]}"


def identity_checks(settings: AwsSettings) -> Sequence[Check]:
    """Check the credentials, and with them the account."""
    try:
        source = credential_source(
            replace(settings, account_id=None, allowed_account_ids=(), forbidden_account_ids=())
        )
        if source is None:
            return [_credentials(Verdict.PROBLEM, "There are no AWS credentials.")]
        caller = fetch_caller(settings)
    except ClientError as refusal:
        return [_refused(refusal)]
    except BotoCoreError as error:
        return [_unusable(error)]
    found = (
        f"Account {caller.account_id}, {caller.shown_arn}; access key {shortened(source.access_key_id)}, "
        f"from {source.method}."
    )
    return [_credentials(Verdict.OK, found), _account_check(settings, caller)]


def _credentials(verdict: Verdict, found: str) -> Check:
    remedy = None if verdict is Verdict.OK else HOW_TO_SIGN_IN
    return Check(name="credentials", verdict=verdict, found=found, remedy=remedy)


def _refused(refusal: ClientError) -> Check:
    code = str(refusal.response.get("Error", {}).get("Code", "unknown"))
    status = int(refusal.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
    if status >= NOT_REFUSED or "Throttl" in code:
        return _credentials(Verdict.UNKNOWN, f"AWS did not say whose the credentials are ({code}).")
    return _credentials(Verdict.PROBLEM, f"AWS refuses the credentials ({code}).")


def _unusable(error: BotoCoreError) -> Check:
    from botocore.exceptions import ConnectionError, HTTPClientError  # noqa: A004 # botocore's

    if isinstance(error, (ConnectionError, HTTPClientError)):
        return _credentials(Verdict.UNKNOWN, f"STS can't be reached ({type(error).__name__}).")
    return _credentials(Verdict.PROBLEM, f"The credentials can't be used: {str(error).rstrip('.')}.")


def _account_check(settings: AwsSettings, caller: Caller) -> Check:
    """Compare the account with state and config, as every command does before its first call."""
    wanted = settings.account_id or settings.allowed_account_ids or settings.forbidden_account_ids
    if not wanted:
        found = f"{caller.account_id}; neither state nor config names an account to compare it with."
        return Check(name="account", verdict=Verdict.OK, found=found)
    try:
        client(replace(settings, region=settings.region or VOICE_ANALYTICS_REGIONS[0]), STS)
    except AccountMismatchError as error:
        remedy = "Use credentials of that account: check AWS_PROFILE and the `aws:` config of the stack."
        return Check(name="account", verdict=Verdict.PROBLEM, found=f"{_sentence(error)}.", remedy=remedy)
    except SpeakerSearchError as error:
        return Check(
            name="account", verdict=Verdict.UNKNOWN, found=f"{_sentence(error)}.", remedy=HOW_TO_SIGN_IN
        )
    return Check(
        name="account", verdict=Verdict.OK, found=f"{caller.account_id}, which state and config allow."
    )


def _sentence(error: SpeakerSearchError) -> str:
    reason = str(getattr(error, "reason", error)).rstrip(".")
    return reason[:1].upper() + reason[1:]


def region_checks(regions: Sequence[str]) -> Iterator[Check]:
    """Compare each region with those in which voice analytics runs."""
    two = " and ".join(VOICE_ANALYTICS_REGIONS)
    remedy = f"pulumi config set aws:region {VOICE_ANALYTICS_REGIONS[0]}, or AWS_REGION, or --region."
    if not regions:
        found = f"No region is set. Voice analytics runs in {two}."
        yield Check(name="region", verdict=Verdict.PROBLEM, found=found, remedy=remedy)
    for region in regions:
        if region in VOICE_ANALYTICS_REGIONS:
            found = f"Voice analytics runs in {region}."
            yield Check(name="region", verdict=Verdict.OK, found=found, region=region)
        else:
            found = f"Voice analytics does not run in {region}, but in {two}."
            yield Check(name="region", verdict=Verdict.PROBLEM, found=found, remedy=remedy, region=region)
