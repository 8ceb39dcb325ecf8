"""Make moto's application of one service, which answers an operation that moto lacks with an honest 501."""

from typing import Any

from moto.moto_server.werkzeug_app import create_backend_app

NOT_IMPLEMENTED = 501


def create_app(service: Any) -> Any:
    """Return moto's Flask application for a service, by moto's name of it."""
    app = create_backend_app(service)
    app.register_error_handler(NotImplementedError, lambda _error: ("", NOT_IMPLEMENTED))
    return app
