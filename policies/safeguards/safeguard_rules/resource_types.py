"""Type tokens of the AWS resources that serve a search, besides those of voice analytics itself."""

from __future__ import annotations

from typing import Final

KEY: Final = "aws:kms/key:Key"
QUEUE: Final = "aws:sqs/queue:Queue"
TOPIC: Final = "aws:sns/topic:Topic"
DATA_STREAM: Final = "aws:kinesis/stream:Stream"
FUNCTION: Final = "aws:lambda/function:Function"
ROLE: Final = "aws:iam/role:Role"
ROLE_POLICY: Final = "aws:iam/rolePolicy:RolePolicy"
POLICY: Final = "aws:iam/policy:Policy"
ROLE_POLICY_ATTACHMENT: Final = "aws:iam/rolePolicyAttachment:RolePolicyAttachment"
