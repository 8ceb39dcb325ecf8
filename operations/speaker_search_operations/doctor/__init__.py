"""`speaker-search doctor`: check what a search needs around it, and say what helps."""
