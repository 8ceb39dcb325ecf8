"""Find the operation that an HTTP request calls, by botocore's models of the sandbox's three services."""

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

# Name in a request's signature → the services that sign with it. Both Chime APIs use the same name.
SERVICES_BY_SIGNING_NAME: Mapping[str, tuple[str, ...]] = {
    "chime": (MEDIA_PIPELINES, VOICE),
    "kinesisvideo": (KINESIS_VIDEO,),
}


@cache
def service_model(service: str) -> ServiceModel:
    """Load botocore's model of a service."""
    return ServiceModel(Loader().load_service_model(service, "service-2"), service)


@dataclass(frozen=True)
class Route:
    """One operation of one service."""

    service: str
    operation: str
    query: frozenset[tuple[str, str]]
    """Parameters that the query string must have, e.g. {("operation", "start")}."""

    @property
    def model(self) -> OperationModel:
        """Return botocore's model of the operation."""
        return service_model(self.service).operation_model(self.operation)


@dataclass(frozen=True)
class Match:
    """What a request's method, path and query determine."""

    routes: tuple[Route, ...]
    """More than one where only the ARN in the request decides between services (`/tags`)."""
    path_arguments: Mapping[str, str]


class _Segment(BaseConverter):
    """One segment of a raw path: percent-encoded, and possibly empty, because `Identifier=''` sends `//`."""

    regex = "[^/]*"
    part_isolating = True

    def to_python(self, value: str) -> str:
        return unquote(value)


class Router:
    """Routes of the services that sign with one name."""

    def __init__(self, services: Iterable[str]) -> None:
        grouped: dict[tuple[str, str], list[Route]] = {}
        for service in services:
            model = service_model(service)
            for operation in model.operation_names:
                http = model.operation_model(operation).http
                path, _, query = str(http["requestUri"]).partition("?")
                parameters = frozenset((key, values[0]) for key, values in parse_qs(query).items())
                grouped.setdefault((http["method"], path), []).append(Route(service, operation, parameters))
        rules = [
            Rule(path.replace("{", "<segment:").replace("}", ">"), endpoint=tuple(routes), methods=[method])
            for (method, path), routes in grouped.items()
        ]
        table = Map(rules, converters={"segment": _Segment}, merge_slashes=False, redirect_defaults=False)
        self._adapter = table.bind("localhost")

    def match(self, method: str, raw_path: str, query: Mapping[str, str]) -> Match | None:
        """Return the routes for a request; None if no operation of any model has this method, path and query."""
        try:
            routes, arguments = self._adapter.match(raw_path, method=method)
        except HTTPException:
            return None
        matching = [route for route in routes if route.query <= query.items()]
        # `POST /x?operation=start` also matches `POST /x`: the route with the most parameters is meant.
        most_parameters = max((len(route.query) for route in matching), default=0)
        matching = [route for route in matching if len(route.query) == most_parameters]
        return Match(tuple(matching), arguments) if matching else None


@cache
def router(signing_name: str) -> Router:
    """Return the router of a signing name; building it takes a while, so it is built once."""
    return Router(SERVICES_BY_SIGNING_NAME[signing_name])
