"""The components: what a program declares as a whole."""
