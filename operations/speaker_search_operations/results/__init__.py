"""`speaker-search results`: what the queue of a configuration received for searches."""
