"""The control API of the local AWS, under `/_sandbox/`: what AWS has no call for, to be set and seen.

The client (`SandboxControl`) needs the standard library only; `api` and `lists` belong to the server process.
"""

from sandbox.control.client import (
    CallRow,
    ControlError,
    PipelineRow,
    SandboxControl,
    SentRow,
    StreamRow,
    TaskRow,
)

__all__ = ["CallRow", "ControlError", "PipelineRow", "SandboxControl", "SentRow", "StreamRow", "TaskRow"]
