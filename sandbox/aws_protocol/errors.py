"""Errors of the API, and how they look on the wire.

ServiceError
├── raised by operations with the code that AWS's model lists, e.g. NotFoundException
└── raised by `unknown_operation`: 501, which AWS itself never sends
AnswerLost: the work is done and the connection is dropped; never leaves the server
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
    """`code`: AWS's error code. `message`: what happened, to which resource, and what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


class AnswerLostError(ConnectionAbortedError):
    """The call was carried out and its answer is withheld."""


def bad_request(message: str) -> ServiceError:
    return ServiceError("BadRequestException", message)


def not_found(message: str) -> ServiceError:
    return ServiceError("NotFoundException", message)


def forbidden(message: str) -> ServiceError:
    return ServiceError("ForbiddenException", message)


def conflict(message: str) -> ServiceError:
    return ServiceError("ConflictException", message)


def limit_exceeded(message: str) -> ServiceError:
    return ServiceError("ResourceLimitExceededException", message)


def unknown_operation(name: str) -> ServiceError:
    message = f"The sandbox does not have the operation {name}. docs/sandbox.md lists those that it has."
    return ServiceError("NotImplementedBySandbox", message)


def http_status(code: str, model: ServiceModel | None) -> int:
    """The model's status for the code; 400 where nobody says anything."""
    if model is not None:
        for shape in model.error_shapes:
            if shape.name == code:
                return int(shape.metadata.get("error", {}).get("httpStatusCode", 400))
    return STATUS_OUTSIDE_MODELS.get(code, 400)


def body_code(code: str) -> str:
    return BODY_CODES.get(code, code.removesuffix("Exception"))
