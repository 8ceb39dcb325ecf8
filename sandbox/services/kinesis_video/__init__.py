"""Amazon Kinesis Video Streams: streams, PutMedia, and the audio that arrives in a stream."""
