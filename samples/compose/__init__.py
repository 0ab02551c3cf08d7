"""The sample tracks as code: scores, players, effects and mix.

`python -m samples.compose` writes them all. It needs FluidSynth, the FluidR3 General MIDI soundfont and the
packages of `samples/compose/requirements.txt`; the page itself needs none of these, only the rendered files.
"""
