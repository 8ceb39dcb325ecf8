"""Asks a real account what AWS documents nowhere, cheapest question first: docs/aws.md."""
