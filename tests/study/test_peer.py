"""Timing another program beside this one says what is missing where that program is not there."""

from __future__ import annotations

from pathlib import Path

import pytest

from model.study.peer import __main__ as peer


def test_it_says_how_the_other_program_is_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(peer, "PYTHON", tmp_path / "python")
    monkeypatch.setattr("sys.argv", ["peer"])
    assert peer.main() == 2
    assert "make bench" in capsys.readouterr().err
