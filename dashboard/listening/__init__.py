"""What the network makes of a track: scores, the messages that carry them, pictures of the sound."""
