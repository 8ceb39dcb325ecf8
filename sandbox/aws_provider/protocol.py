"""Pulumi's gRPC stubs, without the rest of Pulumi's SDK.

`import pulumi` costs half a second of CPU in a process that the engine starts for every preview. The
generated modules of `pulumi.runtime.proto` import only each other (relatively), grpc and protobuf, so they are
loaded here as a package of their own from the installed SDK's folder.
"""

from __future__ import annotations

import importlib
import importlib.util
import pathlib
import sys
import types
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pulumi.runtime.proto import (
        engine_pb2,
        engine_pb2_grpc,
        plugin_pb2,
        provider_pb2,
        provider_pb2_grpc,
        status_pb2,
    )
else:
    _PACKAGE = "sandbox_pulumi_proto"

    def _load(module: str) -> types.ModuleType:
        """Load a generated module from the folder of the installed `pulumi` package."""
        if _PACKAGE not in sys.modules:
            spec = importlib.util.find_spec("pulumi")
            if spec is None or not spec.submodule_search_locations:
                raise ImportError("the Python package `pulumi` is not installed here; run `make setup` first")
            package = types.ModuleType(_PACKAGE)
            package.__path__ = [str(pathlib.Path(spec.submodule_search_locations[0], "runtime", "proto"))]
            sys.modules[_PACKAGE] = package
        return importlib.import_module(f"{_PACKAGE}.{module}")

    engine_pb2 = _load("engine_pb2")
    engine_pb2_grpc = _load("engine_pb2_grpc")
    plugin_pb2 = _load("plugin_pb2")
    provider_pb2 = _load("provider_pb2")
    provider_pb2_grpc = _load("provider_pb2_grpc")
    status_pb2 = _load("status_pb2")

__all__ = ["engine_pb2", "engine_pb2_grpc", "plugin_pb2", "provider_pb2", "provider_pb2_grpc", "status_pb2"]
