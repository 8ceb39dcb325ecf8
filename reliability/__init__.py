"""The reliability runs (`make chaos`): the real CLI and real plugin processes, with faults and kills, on the sandbox.

| module | content |
| --- | --- |
| `plan` | the parts of a plan: faults, interruptions, events, interventions |
| `draw` | draw plans from a seed |
| `interventions` | what people do to stack, state, names and AWS between two commands |
| `account` | domain, configuration and streams of a run, and the declared consent |
| `declaration` | what the program declares |
| `workplace` | the sandbox of a worker, and the stack of a run |
| `command` | run one CLI command, and disturb it at a moment |
| `run` | execute a plan |
| `operator` | the recovery and the removal at the end, as an operator does them |
| `starts` | what AWS started, and what was declared at that time |
| `withdrawals` | withdrawals in AWS, and what violates them |
| `profiles` | the search that a voice profile is enrolled from, and who is enrolled |
| `scaled` | shorten waits of a minute to seconds |
| `questions` | what must be zero after a run |
| `killing` | kill many commands on several workers, and sum up the results |
| `kill_series` | `kill -9` at a random moment, many times |
| `withdraw_kills`, `withdraw_scene` | `speaker-search withdraw`, killed and run again; what is in AWS before |
| `report` | write the table of a series into docs/reliability.md |
| `series` | execute many runs on several workers, and sum them up |
"""
