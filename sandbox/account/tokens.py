"""ClientRequestToken: the same request sent twice is carried out once."""

from sandbox.account.context import Context
from sandbox.account.state import Members, TokenUse
from sandbox.aws_protocol.errors import conflict


def replayed(context: Context, operation: str, members: Members) -> str | None:
    """The id of what an earlier request with this token made, within its window; None for a new one.

    Also when that has ended. Another request with the same token is a conflict (a switch).
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


def remember(context: Context, operation: str, members: Members, resource_id: str) -> None:
    token = members.get("ClientRequestToken")
    if token:
        use = TokenUse(_without_token(members), resource_id, context.now)
        context.state.tokens[operation, token] = use


def _without_token(members: Members) -> Members:
    return {name: value for name, value in members.items() if name != "ClientRequestToken"}
