"""The services of the local AWS: a folder for each, and the table of their operations."""
