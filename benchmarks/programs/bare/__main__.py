"""The bare engine: as many components and dynamic resources as the searches have, with inputs of the same size, and a
provider that does nothing."""

from typing import Any

import pulumi
from pulumi.dynamic import Resource

from benchmarks.do_nothing import OUTPUTS, DoNothingProvider

TAGS = {
    "consent:schema": "speaker-search:1.0",
    "consent:record-ref": "benchmark/synthetic-voices/0001",
    "consent:notice": "synthetic-voices:v1",
    "consent:purpose": "demonstration",
    "consent:basis": "eu-gdpr:A9-2-a",
    "consent:jurisdiction": "US-WA",
    "consent:status": "given",
    "consent:expires": "2099-01-01",
    "consent:retention-days": "30",
}
STREAM_ARN = "arn:aws:kinesisvideo:us-east-1:123456789012:stream/a-stream-0123456/1700000000000"


class First(Resource, module="bare", name="First"):
    def __init__(self, name: str, props: dict[str, Any], opts: pulumi.ResourceOptions) -> None:
        super().__init__(DoNothingProvider(), name, {**props, **dict.fromkeys(OUTPUTS)}, opts)


class Second(Resource, module="bare", name="Second"):
    def __init__(self, name: str, props: dict[str, Any], opts: pulumi.ResourceOptions) -> None:
        super().__init__(DoNothingProvider(), name, {**props, **dict.fromkeys(OUTPUTS)}, opts)


class Pair(pulumi.ComponentResource):
    def __init__(self, name: str) -> None:
        super().__init__("bare:index:Pair", name)
        child = pulumi.ResourceOptions(parent=self)
        first = First(
            name,
            {
                "configuration_arn": "arn:aws:chime:us-east-1:123456789012:media-insights-pipeline-configuration/a",
                "source": {
                    "streams": [
                        {
                            "stream_arn": STREAM_ARN,
                            "channels": {"number": 1, "definitions": [{"id": 0, "role": "CUSTOMER"}]},
                        }
                    ],
                    "encoding": "pcm",
                    "rate": 8000,
                },
                "tags": TAGS,
                "origin": f"urn:pulumi:bench::speaker-search::bare:index:Pair$bare:First::{name}",
                "ledger": True,
                "stop_on_delete": True,
            },
            child,
        )
        second = Second(
            name,
            {
                "identifier": first.id,
                "domain_arn": "arn:aws:chime:us-east-1:123456789012:voice-profile-domain/0123456789abcdef",
                "source": {"stream_arn": STREAM_ARN, "channel_id": 0},
                "tags": TAGS,
                "origin": f"urn:pulumi:bench::speaker-search::bare:index:Pair$bare:Second::{name}",
                "ledger": True,
                "verify_live_tags": False,
                "stop_on_delete": True,
            },
            child,
        )
        self.register_outputs({"first": first.id, "second": second.id})


for number in range(pulumi.Config("bench").require_int("searches")):
    Pair(f"search-{number:04}")
