"""Chaos: the real CLI and real plugin processes against the sandbox's faults, kills and an operator who is tired.

| module | holds |
| --- | --- |
| `plan` | the words for what goes wrong in a run |
| `draw` | plans, drawn from a seed |
| `deeds` | what people do to stack, state, names and AWS between two commands |
| `account` | the domain, configuration and streams that a run's searches use, and the consent they declare |
| `declaration` | what the program declares |
| `workplace` | a worker's sandbox, and a run's stack in it |
| `command` | one CLI command, with what hits it at a moment of its life |
| `run` | a plan carried out |
| `operator` | what a tired operator does afterwards |
| `starts` | what AWS started, and what was declared by then |
| `withdrawals` | withdrawals that stand in AWS, and what goes against them |
| `scaled` | what AWS is given a minute for takes seconds |
| `questions` | the questions after a run |
| `kill_series` | `kill -9` at a drawn moment, many times |
| `report` | a series' table in docs/reliability.md |
| `series` | many runs on several workers, and the table of what was survived |
"""
