"""The life cycle of a speaker search task and its pipeline: start, find, wait, stop.

Plain Python over the AWS client. Nothing here imports Pulumi, so that the provider process, the program and the command
`speaker-search` share it. Clock, sleep and randomness are passed in.

| module | contents |
| --- | --- |
| `status` | AWS's status values, and what each means for a wait, as data |
| `aws_client` | botocore clients for the settings |
| `aws_call` | one call: retries, serialization per resource (`resource_locks`) |
| `aws_refusals` | AWS's error codes, and the error and message that each becomes |
| `start_recovery`, `retry_windows` | starts whose response was lost; which refusals are retried |
| `tokens` | the chain of ClientRequestTokens of a resource |
| `ledger` | the record of what was started, in the pipeline's tags |
| `waiting` | when to poll, and what a status means for the wait |
| `consent_gate` | the check of the consent at a start |
| `request_schema`, `request_validation` | what AWS allows in a request, and the check of inputs |
| `task_kinds` | what AWS calls the members and operations of each kind of task, as data |
| `media_insights_pipeline`, `analysis_task` | find and end a pipeline, a task |
| `voice_profile`, `voice_enrolment`, `enrolment_checks` | find, delete and enrol voice profiles |
| `occupied_channel` | tasks of the stack that listen where a start would |
| `pipeline_start` | the start of a pipeline |
| `task_start`, `task_start_request`, `start_entry` | the start of a task: its request, its ledger entry |
| `task_adoption`, `pipeline_adoption` | adoption |
| `withdrawal` | everything under a consent record: find, mark, end |
| `orphans`, `orphan_survey`, `orphan_end`, `ownership` | tasks and pipelines that are in no state |
| `errors` | every error of the life cycle |
"""
