"""The command `speaker-search`: what runs, what runs without being in state, and the consent review."""
