"""What consent-not-scripted passes and refuses, and attempts to start a search without declaring it."""

from __future__ import annotations

import json
from typing import Any, Final

from tests.policies.analyzer import UNKNOWN, Declared
from tests.policies.case import Case, Table
from tests.policies.voice_stack import DOMAIN_ARN, PIPELINE_ID, SEARCH, configuration, domain, task, whole

_PYTHON, _NODE, _SHELL = (
    "pulumi-python:dynamic/x:Y",
    "pulumi-nodejs:dynamic:Resource",
    "command:local:Command",
)
_DOMAIN_ID: Final = DOMAIN_ARN.rpartition("/")[2]
_TASK_INPUTS: Final = {"identifier": PIPELINE_ID, "voice_profile_domain_arn": "x"}
_QUEUE: Final = "aws:sqs/queue:Queue"


def _pass_declared_searches(table: Table) -> None:
    """Pass what can call AWS beside no search, and what only looks like a call."""
    table.passes("a whole stack with consent", *whole())
    table.passes("a dynamic resource where there is no search", Declared(_PYTHON, "d", {"identifier": "x"}))
    table.passes("a command where there is no search", Declared(_SHELL, "c", {"create": "aws s3 ls"}))
    table.passes(
        "a command that a setting lists, beside a search",
        *whole(),
        Declared(_SHELL, "c", {"create": "aws s3 ls"}),
        allowedScriptableTypes=[_SHELL],
    )
    table.passes(
        "a command that makes a configuration, where there is no search",
        Declared(_SHELL, "c", {"create": "create-media-insights-pipeline-configuration"}),
    )
    table.passes("a bucket beside a search", domain(), Declared("aws:s3/bucket:Bucket", "b", {"bucket": "x"}))
    table.passes("a name that only begins like a script's", domain(), Declared("commander:index:X", "x", {}))
    table.passes("a policy that denies the operation", domain(), _policy("aws:iam/policy:Policy"))
    table.passes("a rule that watches for the operation", _policy("aws:cloudwatch/eventRule:EventRule"))
    table.passes(
        "a parameter that keeps the domain for other stacks",
        domain(),
        Declared("aws:ssm/parameter:Parameter", "p", {"value": DOMAIN_ARN}),
    )
    table.passes(
        "a component that gives out the domain",
        domain(),
        task(parents=("acme:index:Calls", SEARCH)),
        Declared("acme:index:Calls", "calls", {}, {"domain": _DOMAIN_ID}),
    )
    table.passes("a queue whose name has the id within a word", domain(), _named(f"a{_DOMAIN_ID}"))
    table.passes("a domain whose id is too short to be recognised", _short_domain(), _named("abc"))


def _refuse_types(table: Table) -> None:
    """Refuse types that can call AWS by themselves, beside a search."""
    for beside in (
        _PYTHON,
        _NODE,
        _SHELL,
        "command:remote:Command",
        "aws:scheduler/schedule:Schedule",
        "aws:sfn/stateMachine:StateMachine",
        "aws:cloudformation/stack:Stack",
        "aws:cloudformation/stackSet:StackSet",
        "aws:ssm/document:Document",
        "aws:ssm/association:Association",
        "aws:lambda/function:Function",
        "aws:lambda/invocation:Invocation",
        "aws:cloudcontrol/resource:Resource",
        "aws:cloudwatch/eventTarget:EventTarget",
        "aws:codebuild/project:Project",
        "aws:ec2/instance:Instance",
        "aws:ecs/taskDefinition:TaskDefinition",
        "aws:pipes/pipe:Pipe",
        "aws:batch/jobDefinition:JobDefinition",
        "awscc:stepfunctions:StateMachine",
        "awscc:lambda:Function",
        "aws-native:scheduler:Schedule",
        "kubernetes:batch/v1:Job",
        "docker:index/container:Container",
        "COMMAND:local:Command",
    ):
        table.refuses(
            f"beside a search: {beside}",
            domain(),
            Declared(beside, "beside", {}),
            hints=["allowedScriptableTypes"],
        )
    table.refuses(
        "beside a search that comes after it",
        *whole(),
        domain("late"),
        Declared(_SHELL, "c", {}),
        hints=["allowedScriptableTypes"],
    )
    table.refuses(
        "a type that a setting adds",
        configuration(),
        Declared("acme:index:Runner", "r", {}),
        scriptableTypes=["acme:index:Runner"],
    )
    table.refuses(
        "another type than the setting lists",
        domain(),
        Declared(_SHELL, "c", {}),
        allowedScriptableTypes=["command:remote:Command"],
    )


def _refuse_domains(table: Table) -> None:
    """Refuse what refers to the domain of a search."""
    table.refuses(
        "the domain's id, which nobody needs but who starts a search",
        *whole(),
        Declared(_PYTHON, "d", {"where": _DOMAIN_ID}),
        hints=["names a voice profile domain"],
        allowedScriptableTypes=[_PYTHON],
    )
    table.refuses(
        "the domain's id in any type", domain(), _named(f"for {_DOMAIN_ID}"), hints=["names a voice"]
    )
    table.refuses(
        "the domain's id in a property's key", domain(), Declared(_QUEUE, "q", {"tags": {_DOMAIN_ID: "x"}})
    )
    table.refuses("the id of a domain from elsewhere", task(), _named(_DOMAIN_ID), hints=["names a voice"])
    table.refuses(
        "something of the domain that is not known yet",
        domain(),
        Declared(_PYTHON, "d", {"where": UNKNOWN}, sources={"where": ("domain",)}),
        hints=["gets an output of a search"],
        allowedScriptableTypes=[_PYTHON],
    )
    table.refuses(
        "something of the pipeline that is not known yet",
        *whole(),
        Declared(_PYTHON, "d", {"where": UNKNOWN}, sources={"where": ("pipeline",)}),
        hints=["gets an output of a search"],
        allowedScriptableTypes=[_PYTHON],
    )


def _refuse_disguises(table: Table) -> None:
    """Refuse properties that are a request to start something."""
    disguises: dict[str, dict[str, Any]] = {
        "a task in snake case": _TASK_INPUTS,
        "a task in camel case": {"identifier": "x", "voiceProfileDomainArn": "x"},
        "a task as AWS writes it": {"Identifier": "x", "VoiceProfileDomainArn": "x"},
        "a task one level down": {"request": {"Identifier": "x", "VoiceProfileDomainArn": "x"}},
        "a task in a list": {"calls": [{"Identifier": "x", "VoiceProfileDomainArn": "x"}]},
        "a task whose values are unknown": {"identifier": UNKNOWN, "voice_profile_domain_arn": UNKNOWN},
        "a task without pipeline": {
            "voice_profile_domain_arn": "x",
            "kinesis_video_stream_source_task_configuration": {},
        },
        "a tone task": {"kinesisVideoStreamSourceTaskConfiguration": {}},
        "a pipeline": {"media_insights_pipeline_configuration_arn": "x"},
        "a voice profile": {"SpeakerSearchTaskId": "x"},
        "renamed keys and a domain's ARN": {"a": DOMAIN_ARN, "b": "x"},
        "the URL of the API": {"url": "/media-insights-pipelines/x/speaker-search-tasks?operation=start"},
    }
    for what, properties in disguises.items():
        table.refuses(
            f"in disguise: {what}",
            Declared(_PYTHON, "d", properties),
            hints=["these rules can't check"],
        )
    table.refuses(
        "in disguise, in JavaScript", Declared(_NODE, "d", {"identifier": "x", "voiceProfileDomainArn": "x"})
    )
    table.refuses(
        "in disguise, in a function's environment",
        Declared("aws:lambda/function:Function", "f", _TASK_INPUTS),
    )


def _refuse_calls(table: Table) -> None:
    """Refuse texts and resources that hold a call."""
    for text in (
        "aws chime-sdk-media-pipelines start-speaker-search-task --identifier x",
        "aws chime-sdk-media-pipelines start-voice-tone-analysis-task --x y",
        "aws chime-sdk-media-pipelines create-media-insights-pipeline --x y",
        "aws chime-sdk-voice create-voice-profile --speaker-search-task-id x",
        "python -c 'client.start_speaker_search_task()'",
        "node -e 'new StartSpeakerSearchTaskCommand()'",
    ):
        table.refuses(
            f"a command: {text[:60]}", Declared(_SHELL, "c", {"create": text}), hints=["has a call of"]
        )
    target = "arn:aws:scheduler:::aws-sdk:chimesdkmediapipelines:startSpeakerSearchTask"
    machine = {"States": {"S": {"Type": "Task", "Resource": target.replace("scheduler", "states")}}}
    for type_token, properties in (
        ("aws:scheduler/schedule:Schedule", {"target": {"arn": target}}),
        ("aws:sfn/stateMachine:StateMachine", {"definition": json.dumps(machine)}),
        ("aws:ssm/document:Document", {"content": "Api: StartSpeakerSearchTask"}),
        ("aws:cloudformation/stack:Stack", {"templateBody": "Action: startSpeakerSearchTask"}),
        ("acme:index:Anything", {"deep": [{"er": {"text": "StartSpeakerSearchTask"}}]}),
        ("acme:index:Anything", {"startSpeakerSearchTask": 1}),
        (_QUEUE, {"policy": "StartSpeakerSearchTask"}),
    ):
        table.refuses(
            f"the operation in the text of {type_token} {next(iter(properties))}",
            Declared(type_token, "one", properties),
            hints=["has a call of voice analytics in its text"],
        )


def _scripted() -> list[Case]:
    table = Table("consent-not-scripted")
    _pass_declared_searches(table)
    _refuse_types(table)
    _refuse_domains(table)
    _refuse_disguises(table)
    _refuse_calls(table)
    return table.cases


def _policy(type_token: str) -> Declared:
    return Declared(type_token, "policy", {"policy": '{"Action": "chime:StartSpeakerSearchTask"}'})


def _named(name: str) -> Declared:
    return Declared(_QUEUE, "queue", {"name": name})


def _short_domain() -> Declared:
    return Declared(domain().type, "domain", {}, {"arn": "arn:x:voice-profile-domain/abc"})


SCRIPT_CASES: Final = [*_scripted()]
