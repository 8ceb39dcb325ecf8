"""Find missing permissions with iam:SimulatePrincipalPolicy. What can't be simulated is unknown, never ok."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError
from pulumi_speaker_search.lifecycle.aws_client import AwsSettings, client
from pulumi_speaker_search.lifecycle.regions import VOICE_ANALYTICS_REGIONS
from pulumi_speaker_search.lifecycle.stack_record import StackRecord
from pulumi_speaker_search.speaker_search_error import SpeakerSearchError

from .check import Check, Verdict
from .identity import Caller, fetch_caller
from .needed_permissions import Place, Statement, needed, statements_of

IAM: Final = "iam"
ALLOWED: Final = "allowed"
NOT_ANSWERED: Final = (ClientError, BotoCoreError, ResponseParserError)


@dataclass
class Simulation:
    """What a simulation has found.

    Attributes:
        count: The actions that were to be checked.
        missing: Actions that are denied.
        depends: Action → condition keys on which it depends, and which a simulation can't know.
        failures: Why a statement could not be simulated.
    """

    count: int = 0
    missing: list[str] = field(default_factory=list)
    depends: dict[str, set[str]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)


class NotSimulatedError(SpeakerSearchError):
    """The policies of the caller can't be simulated. The text says why."""


def permission_check(settings: AwsSettings, record: StackRecord | None, role: str) -> Check:
    """Simulate the actions of a role's policy with the policies of the caller."""
    region = settings.region or VOICE_ANALYTICS_REGIONS[0]
    settings = settings.in_region(region)
    try:
        caller = fetch_caller(settings)
        iam = client(settings, IAM)
        source_arn = source_of(caller, iam)
    except NotSimulatedError as error:
        return unchecked(role, str(error))
    except NOT_ANSWERED as error:
        return unchecked(role, f"who the caller is can't be asked ({code_of(error)})")
    place = Place(caller.partition, caller.account_id, region, record.arns if record else frozenset())
    return judged(role, simulate(iam, source_arn, needed(statements_of(role), place), place))


def source_of(caller: Caller, iam: Any) -> str:
    """Return the ARN whose policies are simulated: the user's, or that of the role behind a session.

    Raises:
        NotSimulatedError: The caller is neither a user nor a role.
    """
    kind, *names = caller.arn.rpartition(":")[2].split("/")
    if kind == "user":
        return caller.arn
    if kind != "assumed-role" or not names:
        raise NotSimulatedError(
            f"the caller is {kind.replace('root', 'the root user')}, which IAM can't simulate"
        )
    try:  # a session's ARN leaves the path of its role out
        return str(iam.get_role(RoleName=names[0])["Role"]["Arn"])
    except NOT_ANSWERED:
        return f"arn:{caller.partition}:iam::{caller.account_id}:role/{names[0]}"


def simulate(iam: Any, source_arn: str, statements: Sequence[Statement], place: Place) -> Simulation:
    """Simulate each statement. An action counts as allowed if it is allowed on one of the statement's resources."""
    simulation = Simulation()
    for statement in statements:
        simulation.count += len(statement.actions)
        try:
            for result in _results(iam, source_arn, statement, place):
                _add(simulation, result)
        except NOT_ANSWERED as error:
            simulation.failures.append(code_of(error))
    return simulation


def _results(
    iam: Any, source_arn: str, statement: Statement, place: Place
) -> Iterator[tuple[str, list[Mapping[str, Any]]]]:
    """Yield each action with its results: one for each resource, or one for all of them."""
    by_action: dict[str, list[Mapping[str, Any]]] = {action: [] for action in statement.actions}
    page: dict[str, Any] = {}
    while True:
        answer = iam.simulate_principal_policy(
            PolicySourceArn=source_arn,
            ActionNames=list(statement.actions),
            ResourceArns=[place.resource(one) for one in statement.resources],
            ContextEntries=[
                {"ContextKeyName": key, "ContextKeyType": "string", "ContextKeyValues": [place.value(value)]}
                for key, value in statement.context
            ],
            **page,
        )
        for result in answer["EvaluationResults"]:
            by_action.setdefault(result["EvalActionName"], []).append(result)
        if not answer.get("IsTruncated"):
            break
        page = {"Marker": answer["Marker"]}
    yield from by_action.items()


def _add(simulation: Simulation, result: tuple[str, list[Mapping[str, Any]]]) -> None:
    action, results = result
    every = [*results, *(one for result in results for one in result.get("ResourceSpecificResults") or ())]
    decisions = {one.get("EvalDecision") or one.get("EvalResourceDecision") for one in every}
    unknown_keys = {key for one in every for key in one.get("MissingContextValues") or ()}
    if not every:
        simulation.failures.append(f"no result for {action}")
    elif ALLOWED in decisions:
        return
    elif unknown_keys:
        simulation.depends.setdefault(action, set()).update(unknown_keys)
    else:
        simulation.missing.append(action)


def judged(role: str, simulation: Simulation) -> Check:
    """Return the check: what is missing, then what is unknown, and only then ok."""
    if simulation.missing:
        missing = sorted(set(simulation.missing))
        note = " A key policy may allow the kms actions nevertheless." if _any_of(missing, "kms:") else ""
        return Check(
            name=_name(role),
            verdict=Verdict.PROBLEM,
            found=f"The policies of the caller do not allow {', '.join(missing)} "
            f"({len(missing)} of {simulation.count} actions that a {role} needs).{note}",
            remedy=f"Allow them as docs/permissions/{role}.json does; its names are those of the default component.",
        )
    if simulation.failures:
        return unchecked(role, f"IAM did not simulate it ({', '.join(sorted(set(simulation.failures)))})")
    if simulation.depends:
        keys = ", ".join(sorted(set().union(*simulation.depends.values())))
        actions = ", ".join(sorted(simulation.depends))
        return unchecked(role, f"{actions} depend on {keys}, which a simulation does not know")
    found = f"The policies of the caller allow all {simulation.count} actions that a {role} needs."
    return Check(name=_name(role), verdict=Verdict.OK, found=found)


def _any_of(actions: Sequence[str], prefix: str) -> bool:
    return any(action.startswith(prefix) for action in actions)


def unchecked(role: str, reason: str) -> Check:
    """Return the check of permissions that could not be simulated."""
    return Check(
        name=_name(role),
        verdict=Verdict.UNKNOWN,
        found=f"The permissions could not be checked: {reason}.",
        remedy=f"Allow iam:SimulatePrincipalPolicy and iam:GetRole (docs/permissions/doctor.json), or compare with "
        f"docs/permissions/{role}.json.",
    )


def _name(role: str) -> str:
    return f"permissions {role}"


def code_of(error: Exception) -> str:
    """Return AWS's code of a refusal, or the name of botocore's error."""
    if isinstance(error, ClientError):
        return str(error.response.get("Error", {}).get("Code", "unknown"))
    return type(error).__name__
