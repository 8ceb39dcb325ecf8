"""Many stacks (region × account × line), driven side by side through the Automation API. See README.md."""
