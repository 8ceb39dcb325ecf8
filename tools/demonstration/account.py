"""Read domains, streams and queues of the local AWS, through AWS's own API."""

import json
from collections.abc import Iterator
from typing import Any

from botocore.session import get_session

VOICES = ("voice-220hz", "voice-140hz")
"""Synthetic voices, one pitch each, that are enrolled. The first one speaks."""
SPEED = 4
"""How many times faster than real time the voice is sent."""
CALL_SECONDS = 600
"""Duration of the audio. The sender is ended when the search has ended, long before."""


class Account:
    """The account, reached through the variables that `python -m sandbox env` sets."""

    def __init__(self) -> None:
        session = get_session()
        self._voice = session.create_client("chime-sdk-voice")
        self._streams = session.create_client("kinesisvideo")
        self._queues = session.create_client("sqs")

    def empty_domains(self) -> list[str]:
        """Return the ids of the domains without voice profiles."""
        domains = self._voice.list_voice_profile_domains()["VoiceProfileDomains"]
        ids = [str(domain["VoiceProfileDomainId"]) for domain in domains]
        return [
            id_
            for id_ in ids
            if not self._voice.list_voice_profiles(VoiceProfileDomainId=id_)["VoiceProfiles"]
        ]

    def streams(self) -> list[str]:
        """Return the names of the streams that accept media."""
        listed = self._streams.list_streams()["StreamInfoList"]
        return [str(stream["StreamName"]) for stream in listed if stream["Status"] == "ACTIVE"]

    def messages(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield (name of the queue, notification) for what has arrived, without deleting it."""
        for url in self._queues.list_queues().get("QueueUrls", []):
            received = self._queues.receive_message(
                QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=1, WaitTimeSeconds=0
            )
            for message in received.get("Messages", []):
                yield str(url).rpartition("/")[2], json.loads(message["Body"])
