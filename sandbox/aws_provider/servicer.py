"""Pulumi's ResourceProvider service: convert the request, call the life cycle, convert the result."""

# ruff: noqa: N802 - the methods have the names of the gRPC service

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import Any

from google.protobuf import empty_pb2

from sandbox.aws_provider import life_cycle
from sandbox.aws_provider.auto_naming import Proposal
from sandbox.aws_provider.aws_calls import AwsCalls, AwsError, Clients, Subject, WaitTimeoutError
from sandbox.aws_provider.call_errors import (
    aws_errors_fail_call,
    fail,
    fail_partly_created,
    not_served_message,
)
from sandbox.aws_provider.checks import Naming, check
from sandbox.aws_provider.configuration import Configuration, ConfigurationError, configuration_from
from sandbox.aws_provider.differences import delete_before_replace, differences
from sandbox.aws_provider.functions import FUNCTIONS, FunctionFailedError, require_allowed_account
from sandbox.aws_provider.property_values import (
    UNKNOWN,
    from_struct,
    has_unknown,
    to_struct,
    without_defaults,
)
from sandbox.aws_provider.protocol import plugin_pb2, provider_pb2, provider_pb2_grpc
from sandbox.aws_provider.reachability import NotRunningError, require_running
from sandbox.aws_provider.resource_types import RESOURCE_TYPES
from sandbox.aws_provider.schema import Change, ResourceType

#: As new as the SDK that requires it; the text after the plus sign names the stand-in, and orders nothing.
VERSION = "7.51.1+sandbox.stand.in"
DEFAULT_TIMEOUT_SECONDS = 300.0
#: Writes one line to the engine's log: severity ("debug", "warning"), message, URN or nothing.
Log = Callable[[str, str, str], None]


class StandIn(provider_pb2_grpc.ResourceProviderServicer):
    """The stand-in's gRPC service. One per process; every method may run in many threads at once."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self._configuration: Configuration | None = None
        self._clients: Clients | None = None
        self._cancelled = threading.Event()

    # --- the plugin and its configuration ---

    def Handshake(self, request: Any, context: Any) -> Any:
        """Agree with the engine on the features of both."""
        return provider_pb2.ProviderHandshakeResponse(
            accept_secrets=False,
            accept_resources=False,
            accept_outputs=False,
            supports_autonaming_configuration=True,
        )

    def GetPluginInfo(self, request: Any, context: Any) -> Any:
        """Return the version, which names the stand-in."""
        return plugin_pb2.PluginInfo(version=VERSION)

    def CheckConfig(self, request: Any, context: Any) -> Any:
        """Return the configuration unchanged, with what is wrong with it."""
        values = from_struct(request.news)
        failures = []
        if not has_unknown(values):
            try:
                configuration_from(values, os.environ)
            except ConfigurationError as error:
                failures.append(provider_pb2.CheckFailure(property=error.key, reason=str(error)))
        return provider_pb2.CheckResponse(inputs=request.news, failures=failures)

    def DiffConfig(self, request: Any, context: Any) -> Any:
        """Return whether the configuration has changed."""
        same = without_defaults(from_struct(request.olds)) == without_defaults(from_struct(request.news))
        some, none = provider_pb2.DiffResponse.DIFF_SOME, provider_pb2.DiffResponse.DIFF_NONE
        return provider_pb2.DiffResponse(changes=none if same else some)

    def Configure(self, request: Any, context: Any) -> Any:
        """Take the configuration, and require that the local AWS runs."""
        try:
            configuration = configuration_from(from_struct(request.args), os.environ)
            require_running(configuration.endpoints.values())
            clients = Clients(configuration)
            require_allowed_account(configuration, clients)
        except (ConfigurationError, FunctionFailedError, NotRunningError) as error:
            fail(context, str(error))
        self._configuration, self._clients = configuration, clients
        hosts = ", ".join(sorted(set(configuration.endpoints.values())))
        self._log(
            "debug",
            f"aws provider: sandbox stand-in {VERSION}, not the official plugin; it serves {hosts}",
            "",
        )
        return provider_pb2.ConfigureResponse(
            acceptSecrets=False,
            supportsPreview=True,
            acceptResources=False,
            acceptOutputs=False,
            supports_autonaming_configuration=True,
        )

    def Cancel(self, request: Any, context: Any) -> Any:
        """End all waits: the engine is ending."""
        self._cancelled.set()
        return empty_pb2.Empty()

    # --- functions ---

    def Invoke(self, request: Any, context: Any) -> Any:
        """Call a function."""
        function = FUNCTIONS.get(request.tok)
        if function is None:
            fail(context, not_served_message(request.tok, "functions", FUNCTIONS))
        configuration, clients = self._configured(context)
        args = from_struct(request.args)
        try:
            result = function(args, configuration, clients)
        except (AwsError, FunctionFailedError) as error:
            fail(context, f"{request.tok}: {error}")
        response: dict[str, Any] = {"return": to_struct(result)}  # a keyword in Python
        return provider_pb2.InvokeResponse(**response)

    # --- resources ---

    def Check(self, request: Any, context: Any) -> Any:
        """Return complete inputs, with what is wrong with them."""
        resource_type = _resource_type(request.urn, context)
        configuration, _ = self._configured(context)
        proposal = None
        if request.HasField("autonaming"):
            modes = provider_pb2.CheckRequest.AutonamingOptions
            proposal = Proposal(
                name=request.autonaming.proposed_name,
                enforced=request.autonaming.mode == modes.ENFORCE,
                disabled=request.autonaming.mode == modes.DISABLE,
            )
        checked = check(
            resource_type,
            from_struct(request.olds),
            from_struct(request.news),
            configuration,
            Naming(_name(request.urn), bytes(request.randomSeed), proposal),
        )
        return provider_pb2.CheckResponse(
            inputs=to_struct(checked.inputs),
            failures=[
                provider_pb2.CheckFailure(property=path, reason=f"{path}: {reason}")
                for path, reason in checked.failures
            ],
        )

    def Diff(self, request: Any, context: Any) -> Any:
        """Return the differences between state and inputs, and whether they replace the resource."""
        resource_type = _resource_type(request.urn, context)
        olds, news = from_struct(request.olds), from_struct(request.news)
        found = differences(resource_type, olds, news, list(request.ignoreChanges))
        response = provider_pb2.DiffResponse
        replaced = list(
            dict.fromkeys(difference.property_name for difference in found if difference.replaces)
        )
        return response(
            changes=response.DIFF_SOME if found else response.DIFF_NONE,
            replaces=replaced,
            diffs=list(dict.fromkeys(difference.property_name for difference in found)),
            detailedDiff={
                difference.path: provider_pb2.PropertyDiff(
                    kind=provider_pb2.PropertyDiff.Kind.Value(
                        difference.kind.upper() + ("_REPLACE" if difference.replaces else "")
                    )
                )
                for difference in found
            },
            hasDetailedDiff=True,
            deleteBeforeReplace=bool(replaced) and delete_before_replace(resource_type, olds, news),
        )

    def Create(self, request: Any, context: Any) -> Any:
        """Create the resource, or predict its outputs in a preview."""
        resource_type = _resource_type(request.urn, context)
        inputs = from_struct(request.properties)
        if request.preview:
            planned = life_cycle.planned_create(resource_type, inputs)
            return provider_pb2.CreateResponse(properties=to_struct(planned))
        aws = self._calls(request, context, "creating", inputs.get("region"))
        with aws_errors_fail_call(context):
            try:
                id_, outputs = life_cycle.create(resource_type, inputs, aws)
            except life_cycle.PartlyCreatedError as error:
                fail_partly_created(context, error, inputs)
            return provider_pb2.CreateResponse(id=id_, properties=to_struct(outputs))

    def Read(self, request: Any, context: Any) -> Any:
        """Return the resource as AWS has it; nothing if it is gone."""
        resource_type = _resource_type(request.urn, context)
        configuration, _ = self._configured(context)
        state, inputs = from_struct(request.properties), from_struct(request.inputs)
        id_, region = (request.id, "") if state else life_cycle.split_region(request.id)
        aws = self._calls(request, context, "reading", region or state.get("region"))
        with aws_errors_fail_call(context):
            found = life_cycle.read(resource_type, id_, aws, configuration, state=state, old_inputs=inputs)
            if found is None:
                return provider_pb2.ReadResponse()
            return provider_pb2.ReadResponse(
                id=found.id, properties=to_struct(found.outputs), inputs=to_struct(found.inputs)
            )

    def Update(self, request: Any, context: Any) -> Any:
        """Update the resource, or predict its outputs in a preview."""
        resource_type = _resource_type(request.urn, context)
        olds, news = from_struct(request.olds), from_struct(request.news)
        found = differences(resource_type, olds, news, list(request.ignoreChanges))
        change = Change(olds, news, life_cycle.names_of(found))
        for warning in resource_type.warnings(change):
            self._log("warning", warning, request.urn)
        if request.preview:
            planned = life_cycle.planned_update(resource_type, olds, news)
            return provider_pb2.UpdateResponse(properties=to_struct(planned))
        aws = self._calls(request, context, "updating", olds.get("region"))
        with aws_errors_fail_call(context):
            outputs = life_cycle.update(resource_type, request.id, change, aws)
            return provider_pb2.UpdateResponse(properties=to_struct(outputs))

    def Delete(self, request: Any, context: Any) -> Any:
        """Delete the resource."""
        resource_type = _resource_type(request.urn, context)
        state = from_struct(request.properties)
        aws = self._calls(request, context, "deleting", state.get("region"))
        with aws_errors_fail_call(context):
            life_cycle.delete(resource_type, request.id, state, aws)
        return empty_pb2.Empty()

    # --- parts ---

    def _configured(self, context: Any) -> tuple[Configuration, Clients]:
        if self._configuration is None or self._clients is None:
            fail(context, "the sandbox's stand-in aws provider was used before it was configured")
        return self._configuration, self._clients

    def _calls(self, request: Any, context: Any, action: str, region: Any) -> AwsCalls:
        configuration, clients = self._configured(context)
        timeout_seconds = getattr(request, "timeout", 0) or DEFAULT_TIMEOUT_SECONDS
        subject = Subject(_type_token(request.urn), _name(request.urn), action)
        return AwsCalls(
            clients,
            str(region) if region and region != UNKNOWN else configuration.region,
            subject,
            timeout_seconds=timeout_seconds,
            sleep=lambda seconds: self._sleep(seconds, subject),
        )

    def _sleep(self, seconds: float, subject: Subject) -> None:
        """Sleep; when the engine cancels, end the wait at once."""
        if self._cancelled.wait(seconds):
            raise WaitTimeoutError(f"{subject}: cancelled while waiting")


def _resource_type(urn: str, context: Any) -> ResourceType:
    token = _type_token(urn)
    resource_type = RESOURCE_TYPES.get(token)
    if resource_type is None:
        fail(context, not_served_message(token, "types", RESOURCE_TYPES))
    return resource_type


def _type_token(urn: str) -> str:
    """Return the resource's own type: the text after the last `$` in the URN's third part."""
    return urn.split("::")[2].rsplit("$", 1)[-1]


def _name(urn: str) -> str:
    return urn.split("::", 3)[3]
