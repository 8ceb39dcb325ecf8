"""What consent-not-bypassed lets pass and refuses, and the ways round it that were tried."""

from __future__ import annotations

from typing import Any, Final

from tests.policies.analyzer import UNKNOWN, Declared, secret
from tests.policies.case import Case, Table
from tests.policies.voice_stack import (
    CONSENT,
    DOMAIN_ARN,
    PIPELINE_ID,
    SEARCH,
    STREAM,
    consent,
    pipeline,
    stream,
    task,
    whole,
)

_OTHER_TYPE: Final = "awscc:kinesisvideo:Stream"


_TASK_INPUTS: Final = {"identifier": PIPELINE_ID, "voice_profile_domain_arn": "x"}


def _bypassing() -> list[Case]:
    table = Table("consent-not-bypassed")
    python, node, shell = (
        "pulumi-python:dynamic/x:Y",
        "pulumi-nodejs:dynamic:Resource",
        "command:local:Command",
    )
    table.passes("a whole stack with consent", *whole())
    table.passes("ignoreChanges of something else", _ignoring("dataRetentionInHours"))
    table.passes("ignoreChanges of another tag", _ignoring("tags.Name"))
    table.passes("ignoreChanges of another tag in brackets", _ignoring('tags["Name"]'))
    table.passes(
        "a dynamic resource of another kind", Declared(python, "d", {"identifier": "x", "name": "y"})
    )
    table.passes("a command of another kind", Declared(shell, "c", {"create": "aws s3 ls"}))
    table.passes(
        "a command that makes a configuration",
        Declared(shell, "c", {"create": "create-media-insights-pipeline-configuration"}),
    )
    table.passes("a function's environment", Declared("aws:lambda/function:Function", "f", _TASK_INPUTS))
    table.passes("a task right under the stack", task(parents=()))
    table.passes(
        "a component that a setting allows",
        task(parents=("acme:index:Calls",)),
        allowedParents=["acme:index:Calls"],
    )
    table.passes("SpeakerSearch within another component", task(parents=("acme:index:Calls", SEARCH)))
    table.passes(
        "a stream under any component",
        Declared(STREAM, "s", {"tags": CONSENT}, parents=("acme:index:Calls",)),
    )
    table.passes("no ledger where a setting allows it", task(ledger=False), allowWithoutLedger=True)
    table.passes("unknown default tags", stream(tagsAll=UNKNOWN))
    table.passes("an unknown tag in tagsAll", stream(tagsAll={**CONSENT, "consent:notice": UNKNOWN}))
    table.passes(
        "a script type that no setting lists",
        Declared(shell, "c", {"create": "start-speaker-search-task"}),
        scriptableTypes=["x:y"],
    )
    for path in (
        "tags",
        "tagsAll",
        "*",
        "tags.*",
        '["tags"]',
        'tags["consent:status"]',
        "tags.consent:status",
        " tags ",
    ):
        table.refuses(f"ignoreChanges of {path}", _ignoring(path), hints=["ignoreChanges"])
    contradicting = {"tags": CONSENT, "tagsAll": consent(status="withdrawn")}
    table.refuses(
        "tags that tagsAll contradicts", Declared(STREAM, "s", contradicting), hints=["consent:status"]
    )
    table.refuses(
        "tags that tagsAll lacks",
        Declared(STREAM, "s", {"tags": CONSENT, "tagsAll": {}}),
        hints=["contradict"],
    )
    table.refuses(
        "a task in another component", task(parents=(SEARCH, "acme:index:Calls")), hints=["acme:index:Calls"]
    )
    table.refuses("a pipeline in another component", pipeline(parents=("acme:index:Calls",)))
    table.refuses("a task under a resource", task(parents=(SEARCH, STREAM)))
    table.refuses(
        "a task right under the stack", task(parents=()), allowedAtTheRoot=False, hints=["allowedAtTheRoot"]
    )
    table.refuses("a task without ledger", task(ledger=False), hints=["ledger"])
    table.refuses("a task without ledger, as a secret", task(ledger=secret(False)))
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
        table.refuses(f"in disguise: {what}", Declared(python, "d", properties), hints=["past these rules"])
    table.refuses(
        "in disguise, in JavaScript", Declared(node, "d", {"identifier": "x", "voiceProfileDomainArn": "x"})
    )
    for text in (
        "aws chime-sdk-media-pipelines start-speaker-search-task --identifier x",
        "aws chime-sdk-media-pipelines start-voice-tone-analysis-task --x y",
        "aws chime-sdk-media-pipelines create-media-insights-pipeline --x y",
        "aws chime-sdk-voice create-voice-profile --speaker-search-task-id x",
        "python -c 'client.start_speaker_search_task()'",
        "node -e 'new StartSpeakerSearchTaskCommand()'",
    ):
        table.refuses(f"a command: {text[:60]}", Declared(shell, "c", {"create": text}), hints=["calls for"])
    table.refuses(
        "an added type with ignoreChanges", _ignoring("tags", _OTHER_TYPE), additionalTypes=[_OTHER_TYPE]
    )
    table.refuses(
        "ignoreChanges of a tag with another prefix", _ignoring("tags.legal/status"), prefix="legal/"
    )
    return table.cases


def _ignoring(path: str, type_token: str = STREAM) -> Declared:
    return Declared(type_token, "s", {"tags": CONSENT}, ignore_changes=(path,))


BYPASS_CASES: Final = [*_bypassing()]
