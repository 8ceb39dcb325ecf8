"""Resources as plain values, with every value that is not known marked as such.

The SDK hands out proxies that raise when an unknown value is read, and an exception that leaves a policy turns a
mandatory rule into an advisory. `to_plain` therefore copies proxies into dicts, lists and scalars, with an `Unknown`
in place of each unknown value, so that rules meet no exception of the SDK.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from pulumi_policy.proxy import UnknownValueError


@dataclass(frozen=True, slots=True)
class Unknown:
    """Stand in for a value that is not known.

    Attributes:
        reason: Completes "PROPERTY of RESOURCE …", like "is only known after the update".
    """

    reason: str


AFTER_UPDATE: Final = Unknown("is only known after the update")
UNDECRYPTED: Final = Unknown("is a secret that this analysis can't decrypt")

REDACTION: Final = "[secret]"
"""What `pulumi policy analyze --file` writes for a secret that it has no key for (seen with CLI 3.259)."""


def to_plain(value: Any) -> Any:
    """Copy a proxy of the SDK into dicts, lists and scalars. Never raises for an unknown value."""
    if isinstance(value, str):
        return UNDECRYPTED if value == REDACTION else value
    if isinstance(value, Mapping):
        return {key: _element(value, key) for key in value}
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return [_element(value, index) for index in range(len(value))]
    return value


class LazyProperties(Mapping[str, Any]):
    """The top-level properties of a resource, each copied by `to_plain` when it is first read.

    Most rules read two or three properties of a resource, and the SDK makes new proxies for every rule.
    """

    __slots__ = ("_copied", "_source")

    def __init__(self, source: Mapping[str, Any]) -> None:
        self._source = source
        self._copied: dict[str, Any] = {}

    def __getitem__(self, key: str) -> Any:
        if key not in self._copied:
            self._copied[key] = _element(self._source, key)
        return self._copied[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._source)

    def __len__(self) -> int:
        return len(self._source)


def _element(container: Any, key: Any) -> Any:
    try:
        return to_plain(container[key])
    except UnknownValueError:
        return AFTER_UPDATE


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource: its inputs in a resource policy, its outputs in a stack policy.

    Attributes:
        properties: By the provider's names; any value in it may be `Unknown`.
        protect: The resource option of that name.
        ignore_changes: Property paths of the resource option `ignoreChanges`.
        provider_properties: Inputs of the explicit or default provider; empty if the engine did not send them.
        property_dependencies: Property → URNs of the resources that its value comes from. Stack policies only.
        types_before: Types of the resources up to this one; in a stack policy, of the whole stack.
    """

    urn: str
    type: str
    name: str
    properties: Mapping[str, Any]
    protect: bool = False
    ignore_changes: tuple[str, ...] = ()
    provider_properties: Mapping[str, Any] = field(default_factory=dict)
    property_dependencies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    types_before: frozenset[str] = frozenset()

    @classmethod
    def from_args(cls, args: Any, types_before: frozenset[str]) -> Resource:
        """Return the resource of a resource policy's arguments, or of an element of a stack policy's arguments."""
        provider = args.provider
        dependencies = getattr(args, "property_dependencies", {})
        return cls(
            urn=args.urn,
            type=args.resource_type,
            name=args.name,
            properties=LazyProperties(args.props),
            protect=bool(args.opts.protect),
            ignore_changes=tuple(args.opts.ignore_changes),
            provider_properties=LazyProperties(provider.props) if provider is not None else {},
            property_dependencies={
                name: tuple(source.urn for source in sources) for name, sources in dependencies.items()
            },
            types_before=types_before,
        )

    @property
    def stack(self) -> str:
        """Name of the stack: `dev` in `urn:pulumi:dev::project::type::name`."""
        return self.urn.removeprefix("urn:pulumi:").partition("::")[0]

    @property
    def type_chain(self) -> tuple[str, ...]:
        """Types of the parents and of the resource, outermost first, as the URN has them; empty if it is no URN."""
        parts = self.urn.split("::")
        return tuple(parts[2].split("$")) if len(parts) >= 4 else ()

    @property
    def parent_type(self) -> str | None:
        """Type of the direct parent; None for a resource directly under the stack."""
        chain = self.type_chain
        return chain[-2] if len(chain) > 1 else None

    @property
    def is_declared_idle(self) -> bool:
        """Whether the resource declares `listen=False`. An absent or unknown `listen` counts as on."""
        return self.properties.get("listen") is False


def get_path(value: Any, *path: str) -> Any:
    """Return the value at `path` below `value`; None if it is absent; the `Unknown` on the way, if there is one."""
    for step in path:
        if isinstance(value, Unknown):
            return value
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def walk(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield (path, scalar) for every scalar below `value`. Paths look like `a.b[0]`."""
    if isinstance(value, Mapping):
        for key, element in value.items():
            yield from walk(element, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for index, element in enumerate(value):
            yield from walk(element, f"{path}[{index}]")
    else:
        yield path, value


def matches_pattern(name: str, pattern: str) -> bool:
    """Return whether a name matches a pattern in which `*` stands for any text."""
    return re.fullmatch(".*".join(re.escape(part) for part in pattern.split("*")), name) is not None
