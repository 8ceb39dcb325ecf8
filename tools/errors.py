"""The one exception that ends `make setup` with a text for its user."""


class SetupError(Exception):
    """Setup can't go on; the text says why and what to do about it."""
