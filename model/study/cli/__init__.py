"""The commands of research: one module a command, as `model.cli` describes."""
