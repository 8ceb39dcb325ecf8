"""The benchmarks: `python -m benchmarks`. Every figure is a ratio of two things measured alternately in the same run.

| module | what it measures |
| --- | --- |
| `concurrent_searches` | many searches: `up` and `destroy` against the limit, `up` against the baseline; memory |
| `rates` | many searches with AWS's rate limits |
| `status_command` | `speaker-search status` of many searches at AWS's rate, against one read of the same searches |
| `one_search` | one search, `up` with its preview and without |
| `preview_cost` | a preview without changes, per resource, against the bare engine, and its growth |
| `life_of_a_task` | API calls from start to stop, lag behind the transitions |
| `provider_process` | CPU and memory of the process that runs the dynamic resources, up to its first call |
| `policy_rules` | rule time of both policy packs |
| `setup_again` | `make setup` a second time |
| `stacks_side_by_side` | one stack or many, and the cost of a large state; for docs/scale.md |

`goals` has the goals, `limit` the boto3 program that knows when each transition ends, `programs/` the
Pulumi programs. No measurement is a test; `tests/engine/test_benchmarks_run.py` only checks that they run.
"""
