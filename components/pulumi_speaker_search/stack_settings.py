"""How the program of a stack reaches AWS: as the stack's own config says.

One Python process may run the programs of several stacks (Automation API), so the settings are read for each resource
when it is declared, and never kept for the process. Clients are kept by settings, so equal ones share theirs.
"""

from __future__ import annotations

import pulumi

from .lifecycle.aws_client import AwsSettings, settings_from_config


def settings_of_this_stack() -> AwsSettings:
    """Return the settings of the stack whose program is declaring resources at this moment.

    Raises:
        InvalidSettingsError: A key of `aws:` config does not hold what it has to.
    """
    return settings_from_config(pulumi.Config("aws").get)
