"""Media insights pipeline configurations: what stands still, and can be used by many pipelines."""

from collections.abc import Iterable

from sandbox import quotas
from sandbox.account import tags
from sandbox.account.context import Context
from sandbox.account.state import Configuration, Members
from sandbox.aws_protocol.errors import bad_request, conflict, forbidden, not_found
from sandbox.aws_protocol.paging import page
from sandbox.clock import moment

TRANSCRIBERS = {"AmazonTranscribeProcessor", "AmazonTranscribeCallAnalyticsProcessor"}
VOICE_ANALYTICS = "VoiceAnalyticsProcessor"
SINKS = ("KinesisDataStreamSink", "LambdaFunctionSink", "SqsQueueSink", "SnsTopicSink")
CHANGEABLE = ("ResourceAccessRoleArn", "RealTimeAlertConfiguration", "Elements")


def create_configuration(context: Context, members: Members) -> Members:
    state = context.state
    name = members["MediaInsightsPipelineConfigurationName"]
    if any(one.name == name for one in state.configurations.values()):
        message = (
            f"There is a media insights pipeline configuration named {name} already: choose another name."
        )
        raise bad_request(message)
    _check(context, members)
    quotas.check_configurations(context)
    new = Configuration(
        configuration_id=context.new_id(),
        arn=state.arn("chime", f"media-insights-pipeline-configuration/{name}"),
        name=name,
        members={member: members[member] for member in CHANGEABLE if member in members},
        created=context.now,
        updated=context.now,
        tags=tags.of_new_pipeline(context, members),
    )
    state.configurations[new.arn] = new
    return _answer(new)


def get_configuration(context: Context, members: Members) -> Members:
    return _answer(find(context, members["Identifier"]))


def list_configurations(context: Context, members: Members) -> Members:
    rows = [_summary(one) for one in context.state.configurations.values()]
    return page("MediaInsightsPipelineConfigurations", rows, members)


def update_configuration(context: Context, members: Members) -> Members:
    found = find(context, members["Identifier"])
    if context.settings.switches.configuration_in_use_update == "conflict" and _in_use(context, found):
        raise _used(found)
    _check(context, members)
    found.members = {member: members[member] for member in CHANGEABLE if member in members}
    found.updated = context.now
    return _answer(found)


def delete_configuration(context: Context, members: Members) -> None:
    found = find(context, members["Identifier"])
    if _in_use(context, found):
        raise _used(found)
    del context.state.configurations[found.arn]


def find(context: Context, identifier: str) -> Configuration:
    """By ARN, name or id."""
    for one in context.state.configurations.values():
        if identifier in {one.arn, one.name, one.configuration_id}:
            return one
    message = f"There is no media insights pipeline configuration {identifier} in {context.state.region}."
    raise not_found(message)


def element_types(configuration: Configuration) -> set[str]:
    return {element["Type"] for element in configuration.members["Elements"]}


def check_role(context: Context, role_arn: str) -> None:
    """There, trusting the service, and no newer than IAM takes to spread it (a setting)."""
    problem = context.neighbours.role_problem(context.state.account_id, role_arn)
    if problem:
        message = f"ResourceAccessRoleArn: {problem}."
        refused = context.settings.switches.unusable_role == "forbidden"
        raise forbidden(message) if refused else bad_request(message)
    created = context.neighbours.role_created(context.state.account_id, role_arn)
    if context.now - created < context.settings.transitions.role_propagation_seconds:
        message = f"ResourceAccessRoleArn: {role_arn} can't be assumed."
        raise forbidden(message)


def _check(context: Context, members: Members) -> None:
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
    for one in types:
        if one in seen:
            message = f"Elements: {one} stands more than once; each element can stand once."
            raise bad_request(message)
        seen.add(one)
    if seen >= TRANSCRIBERS:
        message = f"Elements: {' and '.join(sorted(TRANSCRIBERS))} can't be combined."
        raise bad_request(message)


def _check_sink(element: Members) -> None:
    target = element.get(f"{element['Type']}Configuration", {}).get("InsightsTarget")
    if target is None:
        message = f"Elements: {element['Type']} needs {element['Type']}Configuration.InsightsTarget."
        raise bad_request(message)
    if target.endswith(".fifo"):
        message = f"Elements: {element['Type']}: {target} is a FIFO target, which is not supported."
        raise bad_request(message)


def _in_use(context: Context, configuration: Configuration) -> bool:
    pipelines = context.state.pipelines.values()
    return any(one.configuration is configuration and not one.ended(context.now) for one in pipelines)


def _used(configuration: Configuration) -> Exception:
    return conflict(f"{configuration.arn} is used by an active pipeline: delete that pipeline first.")


def _summary(configuration: Configuration) -> Members:
    return {
        "MediaInsightsPipelineConfigurationName": configuration.name,
        "MediaInsightsPipelineConfigurationId": configuration.configuration_id,
        "MediaInsightsPipelineConfigurationArn": configuration.arn,
    }


def _answer(configuration: Configuration) -> Members:
    return {
        "MediaInsightsPipelineConfiguration": {
            **_summary(configuration),
            **configuration.members,
            "CreatedTimestamp": moment(configuration.created),
            "UpdatedTimestamp": moment(configuration.updated),
        }
    }
