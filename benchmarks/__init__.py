"""The benchmarks: `python -m benchmarks`. Every figure is a ratio of things measured alternately in the same run.

| module | what it measures |
| --- | --- |
| `concurrent_searches` | many searches: `up` and `destroy` against the limit, `up` against the plain way; memory |
| `rates` | many searches where AWS's rates hold |
| `one_search` | one search, `up` with its preview and without |
| `preview_cost` | a preview with nothing to do, per resource, against the bare engine, and how it grows |
| `life_of_a_task` | API calls from start to stop, lag behind the transitions |
| `provider_process` | what the process that runs the dynamic resources costs before it does anything |
| `policy_rules` | rule time of both policy packs |
| `setup_again` | `make setup` a second time |
| `stacks_side_by_side` | one stack or many, and what a large state costs; for docs/scale.md |

`goals` is the table of goals, `limit` the boto3 program that knows when each transition ends, `programs/` the Pulumi
programs. No measurement is a test; `tests/engine/test_benchmarks_run.py` only sees that they run.
"""
