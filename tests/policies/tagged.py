"""Resources with consent tags, and with what AWS says of them."""

from __future__ import annotations

from typing import Final

from tests.policies.analyzer import Declared
from tests.policies.voice_stack import (
    CONSENT,
    TASK,
    VOICE_PROFILE,
    profile,
    task,
)

OTHER_TYPE: Final = "awscc:kinesisvideo:Stream"


def tagged(type_token: str, tags: object = CONSENT, name: str = "one", **more: object) -> Declared:
    """Return a resource of that type with these tags."""
    return Declared(type_token, name, {"tags": tags, **more})


def became(outcome: str, tags: object = CONSENT) -> Declared:
    """A task whose outputs have its outcome and its tags in AWS."""
    made = task()
    return Declared(
        TASK, "task", made.inputs, {**made.inputs, "outcome": outcome, "tags": tags}, made.parents
    )


def enrolled(outcome: str, tags: object) -> Declared:
    """A voice profile whose outputs have its outcome and its tags."""
    made = profile()
    return Declared(VOICE_PROFILE, made.name, made.inputs, {**made.inputs, "outcome": outcome, "tags": tags})
