"""Tools of this repository: `make setup` and the recipes of the Makefile. Not part of the package."""
