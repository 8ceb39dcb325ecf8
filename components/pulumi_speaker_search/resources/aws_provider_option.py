"""`provider=aws.Provider(…)` on our components: refused by name.

A component hands its providers down to its children. Those of `pulumi-aws` would go to the account and region of that
provider, and the pipeline and the task, which are dynamic resources, to those of the `aws:` stack config: a dynamic
resource's provider learns of nothing else. So a search would be in two accounts at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import pulumi

from ..declaration_error import DeclarationError
from .stack_settings import settings_of_this_stack

AWS: Final = "aws"


def refuse_foreign_aws_provider(resource_name: str, opts: pulumi.ResourceOptions | None) -> None:
    """Refuse an `aws` provider of the program's own, and `aws:` stack config that can't be honoured.

    Called before anything is declared, because `pulumi-aws` would have created its resources by the
    time that it is noticed.

    Raises:
        DeclarationError: It names the provider, or the config key.
    """
    for provider in _providers(opts):
        if provider.package == AWS:
            raise DeclarationError(
                f"{resource_name}: an aws.Provider of the program's own is not supported, neither as an option nor "
                "from a parent, because pipeline and task would not go where it leads. Set account and region by the "
                "stack's config (`aws:region`, `aws:profile`, `aws:assumeRoles`); one stack for each."
            )
    settings_of_this_stack()


def _providers(opts: pulumi.ResourceOptions | None) -> Iterable[pulumi.ProviderResource]:
    if opts is None:
        return
    if opts.provider is not None:
        yield opts.provider
    yield from _each(opts.providers)
    # What the parent hands down; the SDK keeps it there since its first release with components.
    yield from _each(getattr(opts.parent, "_providers", None))


def _each(providers: Any) -> Iterable[pulumi.ProviderResource]:
    if isinstance(providers, pulumi.ProviderResource):
        return [providers]
    if isinstance(providers, Mapping):
        return list(providers.values())
    return list(providers or ())
