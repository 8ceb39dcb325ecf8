"""`speaker-search review`: run the policy packs on a stack, and write reports for reviewers and their tools."""
