"""Decoding in processes of their own: a file that hangs or kills a decoder costs one request and nothing else."""
