"""Measure the process of the dynamic resources: CPU up to the answer of its first call, and memory.

It is started and called over gRPC as by the engine. The same process with a provider that does nothing
shows the cost of the SDK alone.
"""

from __future__ import annotations

import base64
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import dill
import grpc
import psutil
from google.protobuf.struct_pb2 import Struct
from pulumi.dynamic import ResourceProvider
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc
from pulumi_speaker_search.providers import TaskProvider

from benchmarks.do_nothing import DoNothingProvider
from benchmarks.figure import Figure
from benchmarks.workplace import Workplace

URN: Final = "urn:pulumi:bench::speaker-search::pulumi-python:dynamic/chime:SpeakerSearchTask::search"
TASK_ID: Final = "00000000-0000-4000-8000-000000000000"


@dataclass(frozen=True)
class Cost:
    """Seconds of CPU and bytes, after the first call (Check) and after the first call that reaches AWS (Read)."""

    check_cpu: float
    check_bytes: int
    read_cpu: float
    read_bytes: int


def measure(workplace: Workplace) -> list[Figure]:
    """Measure in rounds: the process with a provider that does nothing, then with the real one."""
    workplace.clear()
    ours, bare = [], []
    for _ in range(workplace.size.rounds):
        bare.append(_cost(workplace.environment, DoNothingProvider()))
        ours.append(_cost(workplace.environment, TaskProvider()))
    return [
        Figure(
            name="provider-cpu",
            samples=[cost.check_cpu for cost in ours],
            unit="s",
            series={
                "of it the SDK alone": [cost.check_cpu for cost in bare],
                "until the first call to AWS is answered": [cost.read_cpu for cost in ours],
            },
        ),
        Figure(
            name="provider-memory",
            samples=[cost.read_bytes / 1e6 for cost in ours],
            unit="MB",
            series={
                "the SDK alone": [cost.check_bytes / 1e6 for cost in bare],
                "before the first call to AWS": [cost.check_bytes / 1e6 for cost in ours],
            },
        ),
        Figure(
            name="provider-cpu-against-bare",
            says="provider process: CPU up to the first call, against one that does nothing",
            samples=[own.check_cpu / other.check_cpu for own, other in zip(ours, bare, strict=True)],
            unit="×",
        ),
    ]


def _cost(environment: Mapping[str, str], provider: ResourceProvider) -> Cost:
    props = Struct()
    props.update(
        {
            "__provider": base64.b64encode(dill.dumps(provider)).decode(),
            "identifier": "11111111-1111-4111-8111-111111111111",
            "voice_profile_domain_arn": "arn:aws:chime:us-east-1:123456789012:voice-profile-domain/none",
            "kinesis_video_stream_source_task_configuration": {"stream_arn": "", "channel_id": 0},
            "tags": {},
        }
    )
    with _provider_process(environment) as (process, stub):
        stub.Check(provider_pb2.CheckRequest(urn=URN, olds=Struct(), news=props))
        checked = _used(process)
        if isinstance(provider, TaskProvider):
            stub.Read(provider_pb2.ReadRequest(urn=URN, id=TASK_ID, properties=props))
        return Cost(*checked, *_used(process))


@contextmanager
def _provider_process(
    environment: Mapping[str, str],
) -> Iterator[tuple[psutil.Process, Any]]:
    with subprocess.Popen(
        [sys.executable, "-u", "-m", "pulumi.dynamic", "127.0.0.1:1"],
        env=dict(environment),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    ) as child:
        try:
            assert child.stdout is not None
            port = int(child.stdout.readline())
            with grpc.insecure_channel(f"127.0.0.1:{port}") as channel:
                yield psutil.Process(child.pid), provider_pb2_grpc.ResourceProviderStub(channel)
        finally:
            child.kill()


def _used(process: psutil.Process) -> tuple[float, int]:
    times = process.cpu_times()
    return times.user + times.system, process.memory_info().rss
