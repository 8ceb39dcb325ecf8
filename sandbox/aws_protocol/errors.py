"""Errors of the API, and their form on the wire.

ServiceError
├── raised by operations with a code that AWS's model lists, e.g. NotFoundException
└── raised by `unknown_operation`: 501, which AWS itself never sends
ResponseLostError: the work is done and the connection is dropped; never leaves the server
"""

from collections.abc import Mapping

from botocore.model import ServiceModel

# The body's `Code` member (enum ErrorCode of the models), where it is not the code without "Exception".
BODY_CODES: Mapping[str, str] = {
    "UnauthorizedClientException": "Unauthorized",
    "ThrottledClientException": "Throttling",
    "AccessDeniedException": "AccessDenied",
}

# Codes that no model lists for their service, with the status that AWS sends.
STATUS_OUTSIDE_MODELS: Mapping[str, int] = {
    "NotImplementedBySandbox": 501,
    "MissingAuthenticationTokenException": 403,
    "SerializationException": 400,
    "InternalFailure": 500,
    "ServiceUnavailable": 503,
}


class ServiceError(Exception):
    """An error answer of AWS.

    Attributes:
        code: AWS's error code.
        message: What happened, to which resource, and what to do.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


class ResponseLostError(ConnectionAbortedError):
    """The call was carried out and its response is withheld."""


def bad_request(message: str) -> ServiceError:
    """Return BadRequestException, 400."""
    return ServiceError("BadRequestException", message)


def not_found(message: str) -> ServiceError:
    """Return NotFoundException, 404."""
    return ServiceError("NotFoundException", message)


def forbidden(message: str) -> ServiceError:
    """Return ForbiddenException, 403."""
    return ServiceError("ForbiddenException", message)


def conflict(message: str) -> ServiceError:
    """Return ConflictException, 409."""
    return ServiceError("ConflictException", message)


def limit_exceeded(message: str) -> ServiceError:
    """Return ResourceLimitExceededException, 400."""
    return ServiceError("ResourceLimitExceededException", message)


def unknown_operation(name: str) -> ServiceError:
    """Return the error for an operation that the sandbox does not implement, 501."""
    message = f"The sandbox does not have the operation {name}. docs/sandbox.md lists those that it has."
    return ServiceError("NotImplementedBySandbox", message)


def http_status(code: str, model: ServiceModel | None) -> int:
    """Return the status of a code: the model's, else one of `STATUS_OUTSIDE_MODELS`, else 400."""
    if model is not None:
        for shape in model.error_shapes:
            if shape.name == code:
                return int(shape.metadata.get("error", {}).get("httpStatusCode", 400))
    return STATUS_OUTSIDE_MODELS.get(code, 400)


def body_code(code: str) -> str:
    """Return the body's `Code` member for an error code."""
    return BODY_CODES.get(code, code.removesuffix("Exception"))
