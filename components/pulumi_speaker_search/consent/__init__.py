"""Consent: the value, its vocabulary, and what is wrong with tags. No AWS; Pulumi in `declared_consent` alone."""
