"""Amazon Chime SDK media pipelines: configurations, media insights pipelines, and their tasks."""
