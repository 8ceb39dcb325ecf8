"""Demonstrate a search on the local AWS (`make up`): send a synthetic voice, and show its match in the queue.

`before` starts what must run while Pulumi works; `watch` shows the results.
"""
