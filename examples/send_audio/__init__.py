"""Send a sound file, or a synthetic voice, to a Kinesis video stream: README.md."""
