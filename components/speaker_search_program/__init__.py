"""The configuration of this repository's program, read from `pulumi config`. It is in no wheel."""
