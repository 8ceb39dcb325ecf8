"""Send a sound file, or a made-up voice, to a Kinesis video stream: README.md."""
