"""`speaker-search withdraw`: end everything under a consent record, with evidence."""
