"""A program of the same kind, timed beside this one."""
