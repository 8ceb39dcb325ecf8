"""From an HTTP request to an operation and back, by botocore's own service models."""
