"""Fitting the two-block network on a GPU, in JAX: the same batches, changes, losses and steps as `training`'s.

Everything that a step needs lies on the device, and an epoch of steps runs without a word from Python, so a step takes
a millisecond where Keras on two processor cores takes a tenth of a second. What is fitted are plain weights in Keras'
order (`fits`); the checkpoint is exported from them with Keras (``python -m model train --fitted``). JAX is no
requirement of this project: `device.load_jax` says how to get it.
"""
