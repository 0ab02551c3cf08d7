"""What there is to hear: the samples, this visitor's uploads, and their decoded sound."""
