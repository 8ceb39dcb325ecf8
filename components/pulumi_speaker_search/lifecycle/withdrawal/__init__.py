"""The withdrawal of consent: find everything under a consent record in AWS, mark it, end it, and read it again.

| module | contents |
| --- | --- |
| `parts` | what is under the record, as values; the protocol of the evidence |
| `survey` | find all of it: `sources` (pipelines, domains, streams), `tasks`, `profiles` |
| `marking` | mark consent tags as withdrawn |
| `ending` | mark and end what is left, each part by itself |
"""
