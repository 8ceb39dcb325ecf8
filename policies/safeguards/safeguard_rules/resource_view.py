"""What a rule is given to look at: resources as plain values, with everything that is not known marked as
such.

The SDK hands out proxies that raise when an unknown value is touched, and an exception that escapes turns a
mandatory rule into an advisory. So the proxies end here: `plain` copies them into dicts, lists and scalars,
and puts `UNKNOWN` where a value is only known after the update. Rules then never meet an exception that they
did not make.

This file is the same in every pack of this repository (each pack has to stand alone); a test compares the
copies.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from pulumi_policy.proxy import UnknownValueError


@dataclass(frozen=True, slots=True)
class NotKnown:
    """Stands where a value should be. `why` completes the sentence "… can't be judged: it …"."""

    why: str


UNKNOWN: Final = NotKnown("is only known after the update")
REDACTED: Final = NotKnown("is a secret that this analysis can't decrypt")

REDACTION: Final = "[secret]"
"""What `pulumi policy analyze --file` writes for a secret it has no key for [CLI 3.259]."""


def plain(value: Any) -> Any:
    """Copies what the SDK handed out into dicts, lists and scalars. Never raises for an unknown value."""
    if isinstance(value, str):
        return REDACTED if value == REDACTION else value
    if isinstance(value, Mapping):
        return {key: _element(value, key) for key in value}
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return [_element(value, index) for index in range(len(value))]
    return value


class PlainOnDemand(Mapping[str, Any]):
    """The top level of what the SDK handed out; a property is made plain when a rule first asks for it.

    Most rules read two or three of a resource's properties, and each rule gets proxies of its own.
    """

    __slots__ = ("_made", "_source")

    def __init__(self, source: Mapping[str, Any]) -> None:
        self._source = source
        self._made: dict[str, Any] = {}

    def __getitem__(self, key: str) -> Any:
        if key not in self._made:
            self._made[key] = _element(self._source, key)
        return self._made[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._source)

    def __len__(self) -> int:
        return len(self._source)


def _element(container: Any, key: Any) -> Any:
    try:
        return plain(container[key])
    except UnknownValueError:
        return UNKNOWN


@dataclass(frozen=True, slots=True)
class Resource:
    """One resource, as inputs (a resource rule) or as outputs (a stack rule).

    Attributes:
        properties: By the provider's names; anything in it may be a `NotKnown`.
        protect: The option of that name.
        ignore_changes: Property paths.
        provider_properties: Of the explicit or default provider; empty where the engine did not say.
        property_dependencies: Property → URNs that its value was made from. Only a stack rule sees them.
        types_before: Types that the run came to before this resource; of the whole stack for a stack rule.
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

    @property
    def stack(self) -> str:
        """`dev` of `urn:pulumi:dev::project::type::name`."""
        return self.urn.removeprefix("urn:pulumi:").partition("::")[0]

    @property
    def parent_type(self) -> str | None:
        """The type of the direct parent, as the URN has it; None right under the stack."""
        parts = self.urn.split("::")
        types = parts[2].split("$") if len(parts) >= 4 else []
        return types[-2] if len(types) > 1 else None


def known_text(resource: Resource, name: str) -> str | None:
    """A top-level property if it is there, known, and text."""
    value = resource.properties.get(name)
    return value if isinstance(value, str) else None


def dig(value: Any, *path: str) -> Any:
    """What is at `path` below `value`.

    None if it isn't there; the `NotKnown` that stands in the way, if one does.
    """
    for step in path:
        if isinstance(value, NotKnown):
            return value
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def walk(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every scalar below `value` with its path, keys of mappings included as `path.key`."""
    if isinstance(value, Mapping):
        for key, element in value.items():
            yield from walk(element, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for index, element in enumerate(value):
            yield from walk(element, f"{path}[{index}]")
    else:
        yield path, value


def declared_silent(resource: Resource) -> bool:
    """Whether a task or pipeline is declared with `listen` off: what runs is stopped, and nothing starts.

    Absent means on. What can't be known counts as on.
    """
    return resource.properties.get("listen") is False


def seen(args: Any, types_before: frozenset[str] = frozenset()) -> Resource:
    """The SDK's argument bag, or its stack resource, as a `Resource`."""
    provider = args.provider
    dependencies = getattr(args, "property_dependencies", {})
    return Resource(
        urn=args.urn,
        type=args.resource_type,
        name=args.name,
        properties=PlainOnDemand(args.props),
        protect=bool(args.opts.protect),
        ignore_changes=tuple(args.opts.ignore_changes),
        provider_properties=PlainOnDemand(provider.props) if provider is not None else {},
        property_dependencies={key: tuple(one.urn for one in many) for key, many in dependencies.items()},
        types_before=types_before,
    )
