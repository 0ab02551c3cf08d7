"""The table of commands: each loads, and says what it requires where that is not installed."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from model.cli import COMMANDS, main

STUDIES = sorted(name for name, command in COMMANDS.items() if command.package.startswith("model.study"))


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_each_command_explains_itself(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([name, "--help"])
    assert stopped.value.code == 0
    assert f"python -m model {name}" in capsys.readouterr().out


WITHOUT_STUDY = """
import sys
for package in ("scipy", "scipy.fft", "scipy.signal", "librosa", "tensorflow", "keras", "matplotlib", "sklearn"):
    sys.modules[package] = None  # as if it were not installed
from model.cli import main
needs = {"fma": ["--data", "fma"], "recipe": ["mfcc_logreg", "--data", "music"]}
print([main([name, *needs.get(name, [])]) for name in sys.argv[1:]])
"""


def test_a_study_says_what_it_requires() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", WITHOUT_STUDY, *STUDIES], capture_output=True, text=True, check=True, timeout=60
    )
    assert ended.stdout.split() == str([2] * len(STUDIES)).split()
    lines = ended.stderr.splitlines()
    assert [line.split(":")[0].split()[-1] for line in lines] == STUDIES
    assert all("this command requires" in line and "make study" in line for line in lines)


WITHOUT_SCAN = """
import sys
for package in ("dask", "distributed", "pyarrow", "fsspec", "mutagen"):
    sys.modules[package] = None  # as if it were not installed
from model.cli import main
print(main([sys.argv[1], "nowhere"]))
"""


@pytest.mark.parametrize("name", ["scan", "library"])
def test_what_scans_a_library_says_what_it_requires(name: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", WITHOUT_SCAN, name], capture_output=True, text=True, check=True, timeout=60
    )
    assert ended.stdout.split() == ["2"]
    assert "this command requires" in ended.stderr
    assert "make scan" in ended.stderr


def test_the_version_is_that_of_the_project(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--version"])
    stated = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text(encoding="utf-8"))
    assert capsys.readouterr().out.strip() == stated["project"]["version"]


AS_CLASSIFY_STARTS = """
import sys
from model.cli import main
main(["classify", "samples/jazz.ogg"])
late = {"tomllib", "csv", "tempfile", "random", "model.explain", "model.atlas", "model.descriptors.window"}
print(sorted(late & sys.modules.keys()))
"""


def test_classify_loads_nothing_that_it_does_not_use() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", AS_CLASSIFY_STARTS], capture_output=True, text=True, check=True, timeout=60
    )
    assert ended.stdout.splitlines()[-1] == "[]"
