"""ClientRequestToken: a request that is sent twice is carried out once."""

from sandbox.account.context import Context
from sandbox.account.state import TokenUse
from sandbox.aws_protocol.errors import conflict
from sandbox.aws_protocol.members import Members


def replayed_resource_id(context: Context, operation: str, members: Members) -> str | None:
    """Return the id of the resource that an earlier request with this token created; None for a new request.

    The resource may have ended since. A token counts within its window (a switch).

    Raises:
        ServiceError: ConflictException where the token was used for a different request (a switch).
    """
    token = members.get("ClientRequestToken")
    use = context.state.tokens.get((operation, token)) if token else None
    switches = context.settings.switches
    if use is None or context.now - use.used >= switches.token_window_seconds:
        return None
    if use.request != _without_token(members) and switches.changed_request == "conflict":
        message = f"{operation}: the ClientRequestToken was used for another request; use a new token."
        raise conflict(message)
    return use.resource_id


def record_token(context: Context, operation: str, members: Members, resource_id: str) -> None:
    """Remember the request's token, if it has one, with the resource that it created."""
    token = members.get("ClientRequestToken")
    if token:
        use = TokenUse(_without_token(members), resource_id, context.now)
        context.state.tokens[operation, token] = use


def _without_token(members: Members) -> Members:
    return {name: value for name, value in members.items() if name != "ClientRequestToken"}
