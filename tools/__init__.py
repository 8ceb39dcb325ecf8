"""Tooling of this repository: `make setup` and the recipes behind the Makefile. Never part of the package."""
