"""`speaker-search expiring`: what will lose its consent or its voice profile."""
