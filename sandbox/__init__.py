"""The local AWS of this repository: for development and tests, on 127.0.0.1 only, never installed."""
