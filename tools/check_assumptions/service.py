"""Names of AWS's services and words, and the code of a refusal."""

from botocore.exceptions import ClientError

MEDIA, VOICE, STREAMS = "chime-sdk-media-pipelines", "chime-sdk-voice", "kinesisvideo"
ENDED = ("Stopped", "Failed")
GONE = "gone"
"""The status of what AWS no longer finds, in this program's words."""
ACCEPTED = "accepted"
"""The verdict on a request that AWS accepted."""


def code_of(error: ClientError) -> str:
    """Return AWS's error code."""
    return str(error.response["Error"]["Code"])
