"""The command `speaker-search`: status, emergency stop, sweep of orphans, and consent review."""
