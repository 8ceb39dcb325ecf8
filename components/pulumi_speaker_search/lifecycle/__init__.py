"""The life of a speaker search task and its pipeline: start, find, wait, stop.

Plain Python over the AWS client: nothing here imports Pulumi, so that the provider process, the program and the
command `speaker-search` share it. Clock, sleep and randomness are passed in.

| module | holds |
| --- | --- |
| `status` | AWS's status words, and what each means for a start or a stop, as data |
| `aws_client` | settings → botocore clients |
| `aws_call` | one call: retries, one at a time per resource, AWS's errors → ours |
| `tokens` | the chain of ClientRequestTokens of a resource |
| `ledger` | what we started, written where AWS can be asked: the pipeline's tags |
| `waiting` | when to look again, and what a status means for the wait |
| `consent_gate` | the last look at consent before a start |
| `media_insights_pipeline`, `speaker_search_task` | the two life cycles |
| `task_start`, `task_adoption`, `pipeline_adoption` | how they come to run, and to be ours |
| `errors` | every exception of this package |
"""
