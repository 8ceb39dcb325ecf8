"""The limit: boto3 and threads, the same calls, and perfect knowledge of when each transition ends.

It respects AWS's quota of one call at a time per domain: starts go one after another.

It runs as a program, `python -m benchmarks.limit`, because every program has to start Python and import
boto3. It reads the plan from stdin and writes what was started to stdout, both as JSON.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from typing import Any

from benchmarks.slots import Slots
from benchmarks.workplace import MeasurementFailedError, Workplace, seconds_of
from sandbox.environment import REGION, ROOT


def limit(workplace: Workplace, plan: Mapping[str, Any]) -> tuple[float, list[dict[str, str]]]:
    """Run a plan in a process of its own; return the seconds and what it started.

    Args:
        plan: `do` (`start`, `stop` or `read`), `searches` (a number, or what `start` returned), the ARNs `domain`,
            `configuration` and `key`, the seconds of the transitions, and `calls_per_second` with a rate limit.
    """
    outputs: list[str] = []

    def run() -> None:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.limit"],
            cwd=ROOT,
            env=dict(workplace.environment),
            input=json.dumps(plan),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise MeasurementFailedError(f"the limit ended with {done.returncode}:\n{done.stderr[-3000:]}")
        outputs.append(done.stdout)

    seconds = seconds_of(run)
    return seconds, json.loads(outputs[0])


BEFORE_START, AFTER_START, POLL = range(3)
"""Ranks of requests with a rate limit: the last start determines when the last task runs."""


class _Search:
    """Starts and stops searches, with shared clients."""

    def __init__(self, plan: Mapping[str, Any], clients: Mapping[str, Any]) -> None:
        self.plan = plan
        self.domain_lock = Lock()
        self.video = clients["kinesisvideo"]
        self.chime = clients["chime-sdk-media-pipelines"]
        self.slots = Slots(plan.get("calls_per_second", 0))

    def start(self, number: int) -> dict[str, str]:
        name = f"limit-{number}-{uuid.uuid4().hex[:8]}"
        stream_arn = self.video.create_stream(
            StreamName=name, DataRetentionInHours=24, KmsKeyId=self.plan["key"]
        )["StreamARN"]
        self.video.describe_stream(StreamARN=stream_arn)
        pipeline = self._send(
            BEFORE_START,
            self.chime.create_media_insights_pipeline,
            MediaInsightsPipelineConfigurationArn=self.plan["configuration"],
            KinesisVideoStreamSourceRuntimeConfiguration={
                "Streams": [
                    {
                        "StreamArn": stream_arn,
                        "StreamChannelDefinition": {
                            "NumberOfChannels": 1,
                            "ChannelDefinitions": [{"ChannelId": 0, "ParticipantRole": "CUSTOMER"}],
                        },
                    }
                ],
                "MediaEncoding": "pcm",
                "MediaSampleRate": 8000,
            },
            Tags=[{"Key": "name", "Value": name}],
        )["MediaInsightsPipeline"]
        pipeline_id, pipeline_arn = pipeline["MediaPipelineId"], pipeline["MediaPipelineArn"]
        self._send(
            BEFORE_START,
            self.chime.tag_resource,
            ResourceARN=pipeline_arn,
            Tags=[{"Key": "ledger", "Value": "intent"}],
        )
        with self.domain_lock:
            task = self._send(
                BEFORE_START,
                self.chime.start_speaker_search_task,
                Identifier=pipeline_id,
                VoiceProfileDomainArn=self.plan["domain"],
                KinesisVideoStreamSourceTaskConfiguration={"StreamArn": stream_arn, "ChannelId": 0},
            )["SpeakerSearchTask"]
        accepted = time.monotonic()
        task_id = task["SpeakerSearchTaskId"]
        self._send(
            AFTER_START,
            self.chime.tag_resource,
            ResourceARN=pipeline_arn,
            Tags=[{"Key": "ledger", "Value": task_id}],
        )
        time.sleep(max(0.0, accepted + self.plan["task_seconds"] - time.monotonic()))
        self._send(
            POLL, self.chime.get_speaker_search_task, Identifier=pipeline_id, SpeakerSearchTaskId=task_id
        )
        return {"stream": stream_arn, "pipeline": pipeline_id, "pipeline_arn": pipeline_arn, "task": task_id}

    def _send(self, rank: int, operation: Callable[..., dict[str, Any]], **members: Any) -> dict[str, Any]:
        """Send the request in its turn; send it again if it was throttled, as happens on a busy machine."""
        while True:
            self.slots.take(rank)
            try:
                return operation(**members)
            except self.chime.exceptions.ThrottledClientException:
                continue

    def read(self, search: Mapping[str, str]) -> None:
        """Read what `status` shows of a search, with three requests of the service that has a rate limit."""
        task = {"Identifier": search["pipeline"], "SpeakerSearchTaskId": search["task"]}
        self._send(POLL, self.chime.get_speaker_search_task, **task)
        self._send(POLL, self.chime.get_media_pipeline, MediaPipelineId=search["pipeline"])
        self._send(POLL, self.chime.list_tags_for_resource, ResourceARN=search["pipeline_arn"])

    def stop(self, search: Mapping[str, str]) -> None:
        task = {"Identifier": search["pipeline"], "SpeakerSearchTaskId": search["task"]}
        self.chime.stop_speaker_search_task(**task)
        time.sleep(self.plan["stop_seconds"])
        self.chime.get_speaker_search_task(**task)
        self.chime.untag_resource(ResourceARN=search["pipeline_arn"], TagKeys=["ledger"])
        self.chime.delete_media_pipeline(MediaPipelineId=search["pipeline"])
        time.sleep(self.plan["stop_seconds"])
        try:
            self.chime.get_media_pipeline(MediaPipelineId=search["pipeline"])
        except self.chime.exceptions.NotFoundException:
            self.video.delete_stream(StreamARN=search["stream"])
        try:
            self.video.describe_stream(StreamARN=search["stream"])
        except self.video.exceptions.ResourceNotFoundException:
            return
        raise RuntimeError(f"the stream {search['stream']} is still there")


def main() -> None:
    """Run the plan on stdin, and write what was started to stdout."""
    import boto3
    from botocore.config import Config

    plan = json.load(sys.stdin)
    config = Config(max_pool_connections=64)
    session = boto3.Session(region_name=REGION)
    clients = {
        service: session.client(service, config=config)
        for service in ("kinesisvideo", "chime-sdk-media-pipelines")
    }
    search = _Search(plan, clients)
    with ThreadPoolExecutor(64) as threads:
        if plan["do"] == "start":
            started = list(threads.map(search.start, range(plan["searches"])))
        else:
            work = {"stop": search.stop, "read": search.read}[plan["do"]]
            list(threads.map(work, plan["searches"]))
            started = []
    json.dump(started, sys.stdout)


if __name__ == "__main__":
    main()
