"""The server process of the local AWS: `python -m sandbox.server`, and how it is started and stopped."""
