"""Hand-made descriptors of a window's sound by NumPy alone, equal to librosa's defaults, which a test holds."""
