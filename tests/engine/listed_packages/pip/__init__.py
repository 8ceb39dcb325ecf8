"""A `pip` before the installed one in PYTHONPATH that lists the packages of an environment once per test session.

Pulumi's Python host runs `pip list` at the start of each `up`, `preview`, `refresh` and `destroy`, to find out which
plugins the program needs. It takes two thirds of a second of CPU, and no test installs a package meanwhile.
"""
