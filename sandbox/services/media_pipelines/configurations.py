"""Media insights pipeline configurations: long-lived, and shared by pipelines."""

from collections.abc import Iterable

from sandbox import quotas
from sandbox.account import tags
from sandbox.account.context import Context
from sandbox.account.state import Configuration
from sandbox.aws_protocol.errors import bad_request, conflict, forbidden, not_found
from sandbox.aws_protocol.members import Members
from sandbox.aws_protocol.paging import page
from sandbox.clock import to_datetime

TRANSCRIBERS = {"AmazonTranscribeProcessor", "AmazonTranscribeCallAnalyticsProcessor"}
VOICE_ANALYTICS = "VoiceAnalyticsProcessor"
SINKS = ("KinesisDataStreamSink", "LambdaFunctionSink", "SqsQueueSink", "SnsTopicSink")
STANDARD_ONLY = ("SqsQueueSink", "SnsTopicSink")
MUTABLE_MEMBERS = ("ResourceAccessRoleArn", "RealTimeAlertConfiguration", "Elements")


def create_configuration(context: Context, members: Members) -> Members:
    """Create a configuration; its name is unique."""
    state = context.state
    name = members["MediaInsightsPipelineConfigurationName"]
    if any(configuration.name == name for configuration in state.configurations.values()):
        message = (
            f"There is a media insights pipeline configuration named {name} already: choose another name."
        )
        raise bad_request(message)
    _validate(context, members)
    quotas.check_configurations(context)
    new = Configuration(
        configuration_id=context.new_id(),
        arn=state.arn("chime", f"media-insights-pipeline-configuration/{name}"),
        name=name,
        members={member: members[member] for member in MUTABLE_MEMBERS if member in members},
        created=context.now,
        updated=context.now,
        tags=tags.from_create_request(context, members),
    )
    state.configurations[new.arn] = new
    return _configuration_output(new)


def get_configuration(context: Context, members: Members) -> Members:
    """Get a configuration."""
    return _configuration_output(find(context, members["Identifier"]))


def list_configurations(context: Context, members: Members) -> Members:
    """List the names, ids and ARNs of all configurations."""
    rows = [_summary(configuration) for configuration in context.state.configurations.values()]
    return page("MediaInsightsPipelineConfigurations", rows, members)


def update_configuration(context: Context, members: Members) -> Members:
    """Replace role, alerts and elements. Whether that is possible while a pipeline uses them is a switch."""
    found = find(context, members["Identifier"])
    if context.settings.switches.configuration_in_use_update == "conflict" and _is_used(context, found):
        raise _in_use_error(found)
    _validate(context, members)
    found.members = {member: members[member] for member in MUTABLE_MEMBERS if member in members}
    found.updated = context.now
    return _configuration_output(found)


def delete_configuration(context: Context, members: Members) -> None:
    """Delete a configuration that no active pipeline uses."""
    found = find(context, members["Identifier"])
    if _is_used(context, found):
        raise _in_use_error(found)
    del context.state.configurations[found.arn]


def find(context: Context, identifier: str) -> Configuration:
    """Return the configuration with an ARN, name or id.

    Raises:
        ServiceError: NotFoundException.
    """
    for configuration in context.state.configurations.values():
        if identifier in {configuration.arn, configuration.name, configuration.configuration_id}:
            return configuration
    message = f"There is no media insights pipeline configuration {identifier} in {context.state.region}."
    raise not_found(message)


def element_types(configuration: Configuration) -> set[str]:
    """Return the types of the configuration's elements."""
    return {element["Type"] for element in configuration.members["Elements"]}


def check_role(context: Context, role_arn: str) -> None:
    """Raise an error unless the role exists, trusts Amazon Chime, and has propagated through IAM (a setting)."""
    problem = context.other_services.role_problem(context.state.account_id, role_arn)
    if problem:
        message = f"ResourceAccessRoleArn: {problem}."
        refused = context.settings.switches.unusable_role == "forbidden"
        raise forbidden(message) if refused else bad_request(message)
    created = context.other_services.role_created(context.state.account_id, role_arn)
    if context.now - created < context.settings.transitions.role_propagation_seconds:
        message = f"ResourceAccessRoleArn: {role_arn} can't be assumed."
        raise forbidden(message)


def _validate(context: Context, members: Members) -> None:
    check_role(context, members["ResourceAccessRoleArn"])
    elements = members["Elements"]
    if not elements:
        message = "Elements: a configuration takes at least one element."
        raise bad_request(message)
    _check_types([element["Type"] for element in elements])
    for element in elements:
        if element["Type"] in SINKS:
            _check_sink(element)


def _check_types(types: Iterable[str]) -> None:
    seen: set[str] = set()
    for element_type in types:
        if element_type in seen:
            message = (
                f"Elements: {element_type} is declared more than once; each element type is allowed once."
            )
            raise bad_request(message)
        seen.add(element_type)
    if seen >= TRANSCRIBERS:
        message = f"Elements: {' and '.join(sorted(TRANSCRIBERS))} can't be combined."
        raise bad_request(message)


def _check_sink(element: Members) -> None:
    target = element.get(f"{element['Type']}Configuration", {}).get("InsightsTarget")
    if target is None:
        message = f"Elements: {element['Type']} needs {element['Type']}Configuration.InsightsTarget."
        raise bad_request(message)
    if element["Type"] in STANDARD_ONLY and target.endswith(".fifo"):
        message = f"Elements: {element['Type']}: {target} is a FIFO target, which is not supported."
        raise bad_request(message)


def _is_used(context: Context, configuration: Configuration) -> bool:
    return any(
        pipeline.configuration is configuration and not pipeline.ended(context.now)
        for pipeline in context.state.pipelines.values()
    )


def _in_use_error(configuration: Configuration) -> Exception:
    return conflict(f"{configuration.arn} is used by an active pipeline: delete that pipeline first.")


def _summary(configuration: Configuration) -> Members:
    return {
        "MediaInsightsPipelineConfigurationName": configuration.name,
        "MediaInsightsPipelineConfigurationId": configuration.configuration_id,
        "MediaInsightsPipelineConfigurationArn": configuration.arn,
    }


def _configuration_output(configuration: Configuration) -> Members:
    return {
        "MediaInsightsPipelineConfiguration": {
            **_summary(configuration),
            **configuration.members,
            "CreatedTimestamp": to_datetime(configuration.created),
            "UpdatedTimestamp": to_datetime(configuration.updated),
        }
    }
