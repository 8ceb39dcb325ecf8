"""The exception that ends `make setup` with a text for the user."""


class SetupError(Exception):
    """Setup can't continue; the text says why and what to do."""
