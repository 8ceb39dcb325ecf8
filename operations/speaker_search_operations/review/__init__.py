"""`speaker-search review`: what the policy packs say about a stack, as files that reviewers and their tools read."""
