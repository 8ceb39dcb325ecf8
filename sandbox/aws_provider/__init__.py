"""The sandbox's stand-in for Pulumi's `aws` plugin: ten types and four functions over boto3, loopback only.

It exists because the official plugin is a download that not every machine can make. It says what it is in its
plugin info and in its log, and it refuses to run against anything but an endpoint on this machine.
See docs/stand-in-provider.md.
"""
