"""Deploy many stacks (region × account × line) in parallel through the Automation API. See README.md."""
