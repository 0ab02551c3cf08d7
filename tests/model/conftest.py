"""The odd files, made once for all that reads them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.model.audio.odd_files import HEARD, Folders, coded, damaged, not_audio, oracle, programs


@pytest.fixture(scope="session")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Folders:
    """The odd files, and what the ``ffmpeg`` program makes of them."""
    if absent := programs.missing():
        pytest.skip(
            f"{' and '.join(absent)} missing; install with python -m tests.model.audio.odd_files.programs --install"
        )
    made = Folders(tmp_path_factory.mktemp("odd"), tmp_path_factory.mktemp("judged"))
    coded.make(made.files)
    damaged.make(made.files)
    not_audio.make(made.files)
    paths = [made.files / name for name in HEARD]
    with ThreadPoolExecutor(2) as threads:
        list(threads.map(lambda half: oracle.hear(half, made.judged), (paths[::2], paths[1::2])))
    return made
