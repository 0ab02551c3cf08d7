"""A whole library on one machine or a cluster: a table of its genres, and what can be done with it.

Dask, pyarrow, fsspec and mutagen live in this room alone (`requirements.txt` beside this file); nothing that serves
loads them. It listens: every track goes through `model.result.classify_file`, as ``classify`` does.
"""
