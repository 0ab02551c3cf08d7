"""Settings: read from the environment, validated, and never ignored in silence."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from dashboard.errors import SettingsError
from dashboard.settings import Settings


def test_defaults_listen_on_this_machine_only() -> None:
    settings = Settings.from_environment({})
    assert (settings.host, settings.port) == ("127.0.0.1", 8050)
    assert settings.is_loopback_only


def test_variables_are_read_in_their_types() -> None:
    settings = Settings.from_environment(
        {
            "GENRE_PORT": "8123",
            "GENRE_MAX_UPLOAD_MIB": "1.5",
            "GENRE_DATA_FOLDER": "~/sound",
            "GENRE_ALLOWED_HOSTS": "music.example.org, other.example.org",
            "HOME": "/nowhere",
        }
    )
    assert settings.port == 8123
    assert settings.max_upload_bytes == 1_572_864
    assert settings.limits.max_bytes == 1_572_864
    assert settings.data_folder == Path("~/sound").expanduser()
    assert settings.trusted_hosts == ["music.example.org", "other.example.org"]


def test_an_empty_variable_is_as_good_as_none() -> None:
    assert Settings.from_environment({"GENRE_PORT": ""}).port == 8050


def test_the_command_line_wins_over_variables() -> None:
    assert Settings.from_environment({"GENRE_PORT": "8123"}, port=8124, host=None).port == 8124


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("GENRE_PORT", "many", "GENRE_PORT is 'many'; it must be a whole number."),
        ("GENRE_PORT", "70000", "GENRE_PORT is 70000; use 0 to 65535."),
        ("GENRE_PORT", "-1", "GENRE_PORT is -1; use 0 to 65535."),
        ("GENRE_MAX_UPLOAD_MIB", "nan", "GENRE_MAX_UPLOAD_MIB is nan; use 0.001 to 4096."),
        ("GENRE_MAX_DATA_MIB", "inf", "GENRE_MAX_DATA_MIB is inf; use at least 0.001."),
        ("GENRE_MAX_TRACK_SECONDS", "1", "GENRE_MAX_TRACK_SECONDS is 1.0; use 3 to 21600."),
        ("GENRE_LOG_LEVEL", "loud", "GENRE_LOG_LEVEL is 'loud'; use one of DEBUG, INFO, WARNING, ERROR."),
        ("GENRE_MAX_CONCURRENT_UPLOADS", "40", "are 64 together; that must be below GENRE_THREADS, 64"),
        ("GENRE_HOST", " ", "GENRE_HOST is empty"),
        ("GENRE_PROT", "8051", "GENRE_PROT is not a setting; did you mean GENRE_PORT?"),
        ("GENRE_UPLOADS_HOURS", "1", "did you mean GENRE_UPLOAD_HOURS?"),
    ],
)
def test_bad_values_are_told_with_their_limits(name: str, value: str, told: str) -> None:
    with pytest.raises(SettingsError) as caught:
        Settings.from_environment({name: value})
    assert told in str(caught.value)


def test_other_programs_may_have_variables_of_their_own() -> None:
    Settings.from_environment({"GENRE_CHROMIUM": "/usr/bin/chromium"})


def test_help_describes_every_setting_with_its_value() -> None:
    described = Settings(port=8123).describe()
    for setting in fields(Settings):
        assert f"GENRE_{setting.name.upper()}=" in described
    assert "GENRE_PORT=8123" in described


@pytest.mark.parametrize(
    ("host", "is_loopback"), [("localhost", True), ("::1", True), ("0.0.0.0", False), ("example.org", False)]
)
def test_only_loopback_is_closed_to_other_machines(host: str, is_loopback: bool) -> None:
    settings = Settings(host=host)
    assert settings.is_loopback_only is is_loopback
    assert (settings.trusted_hosts is None) is not is_loopback


def test_default_data_folder_follows_the_desktop_standard(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert Settings().data_folder == tmp_path / "live-genre-dashboard"
    assert not Settings().data_folder.exists()
