"""What an account holds in each region, and what all of the sandbox's services share about it."""
