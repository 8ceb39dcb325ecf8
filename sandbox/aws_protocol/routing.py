"""From an HTTP request to an operation of one of the three services, by botocore's own models."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from urllib.parse import parse_qs, unquote

from botocore.loaders import Loader
from botocore.model import OperationModel, ServiceModel
from werkzeug.exceptions import HTTPException
from werkzeug.routing import BaseConverter, Map, Rule

MEDIA_PIPELINES = "chime-sdk-media-pipelines"
VOICE = "chime-sdk-voice"
KINESIS_VIDEO = "kinesisvideo"

# Name in a request's signature → the services that sign with it. The Chime APIs share it, and `/tags`.
SERVICES_BY_SIGNING_NAME: Mapping[str, tuple[str, ...]] = {
    "chime": (MEDIA_PIPELINES, VOICE),
    "kinesisvideo": (KINESIS_VIDEO,),
}


@cache
def service_model(service: str) -> ServiceModel:
    return ServiceModel(Loader().load_service_model(service, "service-2"), service)


@dataclass(frozen=True)
class Route:
    service: str
    operation: str
    query: frozenset[tuple[str, str]]
    """What the query string has to say, e.g. {("operation", "start")}."""

    @property
    def model(self) -> OperationModel:
        return service_model(self.service).operation_model(self.operation)


@dataclass(frozen=True)
class Match:
    """`routes`: more than one where only the ARN in the request tells services apart."""

    routes: tuple[Route, ...]
    path_arguments: Mapping[str, str]


class _Segment(BaseConverter):
    """One piece of a path as it came, percent-encoded, and possibly empty: `Identifier=''` sends `//`."""

    regex = "[^/]*"
    part_isolating = True

    def to_python(self, value: str) -> str:
        return unquote(value)


class Router:
    """The operations that sign with one name."""

    def __init__(self, services: Iterable[str]) -> None:
        grouped: dict[tuple[str, str], list[Route]] = {}
        for service in services:
            model = service_model(service)
            for operation in model.operation_names:
                http = model.operation_model(operation).http
                path, _, query = str(http["requestUri"]).partition("?")
                wanted = frozenset((key, values[0]) for key, values in parse_qs(query).items())
                grouped.setdefault((http["method"], path), []).append(Route(service, operation, wanted))
        rules = [
            Rule(path.replace("{", "<segment:").replace("}", ">"), endpoint=tuple(routes), methods=[method])
            for (method, path), routes in grouped.items()
        ]
        table = Map(rules, converters={"segment": _Segment}, merge_slashes=False, redirect_defaults=False)
        self._adapter = table.bind("localhost")

    def match(self, method: str, raw_path: str, query: Mapping[str, str]) -> Match | None:
        """None when no operation of any model has this method, path and query."""
        try:
            routes, arguments = self._adapter.match(raw_path, method=method)
        except HTTPException:
            return None
        fitting = [route for route in routes if route.query <= query.items()]
        longest = max((len(route.query) for route in fitting), default=0)
        fitting = [route for route in fitting if len(route.query) == longest]
        return Match(tuple(fitting), arguments) if fitting else None


@cache
def router(signing_name: str) -> Router:
    return Router(SERVICES_BY_SIGNING_NAME[signing_name])
