"""The dynamic resources, as a program declares them."""
