"""The key of a voice profile domain is fixed when the domain is made.

The official provider accepts another one without an error and leaves the domain as it is [R]: after that a program
declares one key, the profiles are under another, and the unused key would be deleted with all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pulumi import ResourceHookArgs

from ..declaration_error import DeclarationError

ENCRYPTION: Final = "serverSideEncryptionConfiguration"


def keep_domain_key(args: ResourceHookArgs) -> None:
    """Refuse the update of a domain that would change its key.

    Raises:
        DeclarationError: Another key is declared than the domain has; a key that is only to be made is another.
    """
    present, declared = _key_arn(args.old_outputs), _key_arn(args.new_inputs)
    if present and declared != present:
        raise DeclarationError(
            f"{args.name}: the key of a voice profile domain can't be changed, and its profiles are under "
            f"{present}. Nothing was touched. Declare that key as kms_key_arn; profiles get another key only "
            "in another domain, enrolled again."
        )


def _key_arn(properties: Mapping[str, Any] | None) -> Any:
    encryption = (properties or {}).get(ENCRYPTION)
    return encryption.get("kmsKeyArn") if isinstance(encryption, Mapping) else None
