"""Amazon Chime SDK voice: voice profile domains and voice profiles."""
