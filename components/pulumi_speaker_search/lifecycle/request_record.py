"""Record which requests an action has sent to AWS, for evidence: operation, request id, AWS's error code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from .aws_call import Aws


@dataclass(frozen=True, slots=True, kw_only=True)
class SentRequest:
    """One request.

    Attributes:
        operation: AWS's name of the operation, such as `DeleteVoiceProfile`.
        request_id: AWS's id of the request; None if no response came.
        code: AWS's error code, or the name of the error if no response came; None if AWS accepted the request.
    """

    operation: str
    request_id: str | None
    code: str | None = None


def recording(aws: Aws) -> tuple[Aws, list[SentRequest]]:
    """Return AWS for one action, and the list to which each of its requests is appended."""
    sent: list[SentRequest] = []

    def get_client(service: str) -> Any:
        return _RecordingClient(aws.get_client(service), sent)

    return replace(aws, get_client=get_client), sent


class _RecordingClient:
    """A client of botocore that records what it is asked."""

    def __init__(self, client: Any, sent: list[SentRequest]) -> None:
        self._client = client
        self._sent = sent

    def __getattr__(self, name: str) -> Callable[..., Any]:
        operation = getattr(self._client, name)

        def call(**parameters: Any) -> Any:
            from botocore.exceptions import ClientError

            try:
                response = operation(**parameters)
            except ClientError as refusal:
                self._add(name, refusal.response, str(refusal.response.get("Error", {}).get("Code")))
                raise
            except Exception as lost:
                self._add(name, {}, type(lost).__name__)
                raise
            self._add(name, response, None)
            return response

        return call

    def _add(self, name: str, response: Any, code: str | None) -> None:
        request_id = response.get("ResponseMetadata", {}).get("RequestId")
        operation = "".join(map(str.capitalize, name.split("_")))
        self._sent.append(SentRequest(operation=operation, request_id=request_id, code=code))
