"""What `make up` shows on the local AWS: a made-up voice is sent, recognised and told to the queue.

`before` begins what must happen while Pulumi works; `watch` shows what came of it.
"""
