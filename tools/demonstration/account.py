"""What the demonstration asks of the local AWS, as anybody could ask it of AWS."""

import json
from collections.abc import Iterator
from typing import Any

from botocore.session import get_session

VOICES = ("voice-220hz", "voice-140hz")
"""Enrolled, the first one speaks. Made up: a pitch each, nobody's."""
SPEED = 4
"""How many times as fast as people speak."""
CALL_SECONDS = 600
"""Longer than anybody waits: the sender is ended when the search is done."""


class Account:
    """Domains, streams and queues, by botocore and the variables that `python -m sandbox env` sets."""

    def __init__(self) -> None:
        session = get_session()
        self._voice = session.create_client("chime-sdk-voice")
        self._streams = session.create_client("kinesisvideo")
        self._queues = session.create_client("sqs")

    def empty_domains(self) -> list[str]:
        """Ids of the domains in which nobody is enrolled."""
        domains = self._voice.list_voice_profile_domains()["VoiceProfileDomains"]
        ids = [str(one["VoiceProfileDomainId"]) for one in domains]
        return [
            one
            for one in ids
            if not self._voice.list_voice_profiles(VoiceProfileDomainId=one)["VoiceProfiles"]
        ]

    def streams(self) -> list[str]:
        """Names of those that take media."""
        listed = self._streams.list_streams()["StreamInfoList"]
        return [str(one["StreamName"]) for one in listed if one["Status"] == "ACTIVE"]

    def messages(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """(queue's name, notification) of what has arrived. Nothing is deleted."""
        for url in self._queues.list_queues().get("QueueUrls", []):
            received = self._queues.receive_message(
                QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=1, WaitTimeSeconds=0
            )
            for message in received.get("Messages", []):
                yield str(url).rpartition("/")[2], json.loads(message["Body"])
