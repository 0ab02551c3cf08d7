"""Research: fitting the network, data sets, evaluation, the older systems, and their commands.

It may import `model`; nothing but the table of commands (`model.cli`) knows of it, and loads a command only when it is
asked for. TensorFlow, librosa, scikit-learn and matplotlib are used here and nowhere else.
"""
