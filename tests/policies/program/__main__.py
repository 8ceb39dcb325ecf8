"""Declares the resources of declared.json:

official types as they are, dynamic ones with a provider that does nothing.
"""

import json
import uuid
from pathlib import Path

import pulumi
from pulumi.dynamic import CreateResult, Resource, ResourceProvider


class EchoProvider(ResourceProvider):
    """Creates nothing, and answers with what it was given."""

    def create(self, props: dict[str, object]) -> CreateResult:
        return CreateResult(uuid.uuid4().hex, dict(props))


class Anything(Resource, module="x", name="Anything"):
    pass


class MediaInsightsPipeline(Resource, module="chime", name="MediaInsightsPipeline"):
    pass


class SpeakerSearchTask(Resource, module="chime", name="SpeakerSearchTask"):
    pass


class VoiceToneAnalysisTask(Resource, module="chime", name="VoiceToneAnalysisTask"):
    pass


class Disguise(Resource, module="x", name="Disguise"):
    pass


DYNAMIC = {
    f"pulumi-python:dynamic/{name}": made
    for name, made in {
        "x:Anything": Anything,
        "x:Disguise": Disguise,
        "chime:MediaInsightsPipeline": MediaInsightsPipeline,
        "chime:SpeakerSearchTask": SpeakerSearchTask,
        "chime:VoiceToneAnalysisTask": VoiceToneAnalysisTask,
    }.items()
}
UNKNOWN = "{unknown}"

later = Anything(EchoProvider(), "later", {}).id.apply(lambda _: "known")


def filled(value: object) -> object:
    """Puts an output of another resource where the list says `{unknown}`."""
    if isinstance(value, dict):
        return {key: filled(element) for key, element in value.items()}
    return later if value == UNKNOWN else value


for one in json.loads(Path("declared.json").read_text(encoding="utf-8")):
    options = pulumi.ResourceOptions(protect=one["protect"], ignore_changes=one["ignoreChanges"])
    inputs = {name: filled(value) for name, value in one["inputs"].items()}
    if one["type"] in DYNAMIC:
        DYNAMIC[one["type"]](EchoProvider(), one["name"], inputs, options)
    else:
        pulumi.CustomResource(one["type"], one["name"], inputs, options)
