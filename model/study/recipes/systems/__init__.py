"""The older systems and this project's own: one file a system."""
