"""One array for each of many audio files: on all cores, kept on disk by content, unreadable files named and skipped."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from model.errors import GenreError

Compute = Callable[[Path], NDArray[Any]]


def compute_all(
    paths: Sequence[Path],
    compute: Compute,
    *,
    key: str,
    cache_folder: Path,
    n_workers: int | None = None,
    progress: bool = True,
) -> tuple[dict[Path, NDArray[Any]], dict[Path, str]]:
    """Compute or recall an array for each file.

    Parameters
    ----------
    paths : sequence of Path
        Audio files.
    compute : callable
        Takes a path and gives the array; a function of a module, so that other processes can import it. What it raises
        as a `GenreError` or `OSError` is the file's fault; anything else stops everything.
    key : str
        What is computed, with its parameters: together with the file's content, the key of the cache.
    cache_folder : Path
        Where arrays are kept.
    n_workers : int, optional
        Processes; one a core by default, and none besides this one for 1.
    progress : bool
        Show a progress bar, and each file that could not be used as it comes.

    Returns
    -------
    arrays : dict of Path to np.ndarray
        In the order of the files.
    failures : dict of Path to str
        The files that could not be used, and why.
    """
    from tqdm import tqdm

    cache_folder.mkdir(parents=True, exist_ok=True)
    tasks = [(path, compute, key, cache_folder) for path in paths]
    arrays: dict[Path, NDArray[Any]] = {}
    failures: dict[Path, str] = {}
    shown = tqdm(total=len(tasks), desc="features", unit="track", disable=not progress)
    with _mapped(tasks, n_workers) as results, shown as bar:
        for path, result in zip(paths, results, strict=True):
            bar.update()
            if isinstance(result, str):
                failures[path] = result
                if progress:
                    bar.write(f"skipped {path}: {result}")
            else:
                arrays[path] = result
    return arrays, failures


_Task = tuple[Path, Compute, str, Path]


@contextmanager
def _mapped(tasks: list[_Task], n_workers: int | None) -> Iterator[Iterator[NDArray[Any] | str]]:
    n_workers = min(n_workers or os.cpu_count() or 1, max(1, len(tasks)))
    if n_workers == 1:
        yield map(_array_or_reason, tasks)
        return
    with ProcessPoolExecutor(n_workers, initializer=_take_turns, initargs=(multiprocessing.Lock(),)) as pool:
        yield pool.map(_array_or_reason, tasks, chunksize=4)


_turn: AbstractContextManager[object] = nullcontext()


def _take_turns(turn: AbstractContextManager[object]) -> None:
    """Let a new process compute its first array while no other computes its own.

    What librosa compiles then it keeps on disk, and two processes that write it at once leave code behind that crashes
    every later one (numba's issue 10128).
    """
    global _turn
    _turn = turn


def _computed(compute: Compute, path: Path) -> NDArray[Any]:
    global _turn
    with _turn:
        array = compute(path)
    _turn = nullcontext()
    return array


def _array_or_reason(task: _Task) -> NDArray[Any] | str:
    """Do one file; in a worker process an error must come back as words."""
    path, compute, key, cache_folder = task
    try:
        digest = hashlib.sha256(path.read_bytes())
        digest.update(key.encode())
        cached = cache_folder / f"{digest.hexdigest()}.npy"
        if cached.exists():
            recalled: NDArray[Any] = np.load(cached)
            return recalled
        array = _computed(compute, path)
        part = cached.with_suffix(f".{os.getpid()}.part")
        with part.open("wb") as stream:
            np.save(stream, array)
        part.replace(cached)
    except (GenreError, OSError) as error:
        return str(error)
    return array
