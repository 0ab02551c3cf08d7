"""What an operator may set: from ``GENRE_*`` environment variables, validated, printed by ``--help``.

What training fixed (sample rate, windows, features) is in the checkpoint's card and cannot be set.
"""

from __future__ import annotations

import difflib
import ipaddress
import math
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final

from dashboard.decoding.jobs import Bounds
from dashboard.errors import SettingsError
from model.audio.limits import Limits
from model.checkpoint import DEFAULT_CHECKPOINT, WEIGHTS_FOLDER

PREFIX: Final = "GENRE_"
PROJECT_FOLDER: Final = Path(__file__).resolve().parent.parent

_LOG_FORMATS: Final = ("text", "json")
_LOG_LEVELS: Final = ("DEBUG", "INFO", "WARNING", "ERROR")
_RADIO: Final = ("auto", "0", "1", "private")


def default_data_folder() -> Path:
    """Name the folder for a user's uploads where the system keeps such state; nothing is created."""
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local"
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        base = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(base) / "live-genre-dashboard"


def _setting(default: Any, text: str, *, low: float | None = None, high: float | None = None) -> Any:
    metadata = {"help": text, "low": low, "high": high}
    if callable(default):
        return field(default_factory=default, metadata=metadata)
    return field(default=default, metadata=metadata)


@dataclass(frozen=True)
class Settings:
    """How the service runs. Each attribute is the variable ``GENRE_<NAME>``.

    Raises
    ------
    SettingsError
        If a value is out of range.
    """

    host: str = _setting("127.0.0.1", "address to listen on; 0.0.0.0 for every network")
    port: int = _setting(8050, "port to listen on; 0 for any free one", low=0, high=65_535)
    allowed_hosts: tuple[str, ...] = _setting(
        (), "host names the page is called by, with commas; empty: this machine's own while it listens on loopback only"
    )
    data_folder: Path = _setting(  # noqa: RUF009 -- it gives a field
        default_data_folder, "folder for uploads, made when first needed"
    )
    samples_folder: Path = _setting(  # noqa: RUF009 -- it gives a field
        PROJECT_FOLDER / "samples", "folder with catalogue.json and the sample tracks"
    )
    docs_folder: Path = _setting(  # noqa: RUF009 -- it gives a field
        PROJECT_FOLDER / "build" / "docs", "folder of the documentation that `make docs` built; served at /docs/"
    )
    checkpoint: Path = _setting(  # noqa: RUF009 -- it gives a field
        DEFAULT_CHECKPOINT, "folder of the model that answers: weights and card"
    )
    models_folder: Path = _setting(  # noqa: RUF009 -- it gives a field
        WEIGHTS_FOLDER, "folder whose checkpoints can be asked besides, and compared on the page"
    )
    max_upload_mib: float = _setting(1024.0, "largest upload, in MiB", low=0.001, high=4096)
    max_track_seconds: float = _setting(Limits().max_seconds, "longest track, in seconds", low=3, high=6 * 3600)
    max_uploads: int = _setting(100, "uploads kept for one visitor", low=0, high=10_000)
    max_visitor_mib: float = _setting(2048.0, "bytes kept for one visitor, in MiB", low=0.001)
    max_data_mib: float = _setting(8192.0, "bytes kept for all visitors, in MiB", low=0.001)
    max_played_mib: float = _setting(4096.0, "sound written to disk for playing, in MiB", low=1)
    decode_stall_seconds: float = _setting(
        20.0, "longest time a decoder may take for the next piece of a file, in seconds", low=0.1, high=600
    )
    decode_cpu_seconds: int = _setting(300, "processor time for decoding one file, in seconds", low=1, high=36_000)
    decode_memory_mib: float = _setting(1024.0, "memory for decoding one file, in MiB", low=16)
    max_heard_mib: float = _setting(4096.0, "decoded sound of long tracks kept on disk, in MiB", low=1)
    upload_hours: float = _setting(24.0, "hours an upload is kept", low=0.001, high=24 * 365)
    max_kept_mib: float = _setting(512.0, "scores and pictures kept on disk, in MiB", low=1)
    workers: int = _setting(1, "processes that answer, each with its own threads; about one a core", low=1, high=64)
    redis: str = _setting("", "what several hosts share, as redis://host:6379/0; empty: the data folder is enough")
    secret: str = _setting("", "what signs visitors' cookies; empty: one that the data folder keeps")
    threads: int = _setting(64, "requests answered and sounds listened to live side by side", low=4, high=1000)
    max_concurrent_uploads: int = _setting(8, "files received side by side; fewer than the threads", low=1, high=999)
    max_jobs: int = _setting(2, "tracks decoded or scored side by side", low=1, high=64)
    max_waiting_jobs: int = _setting(8, "tracks that may wait to be scored", low=0, high=1000)
    live_sessions: int = _setting(24, "sounds listened to live side by side; 0 turns it off", low=0, high=999)
    live_visitor_sessions: int = _setting(2, "of these, for one visitor", low=1, high=999)
    live_seconds: float = _setting(3600.0, "longest time to listen live, in seconds", low=3, high=7 * 24 * 3600)
    live_idle_seconds: float = _setting(15.0, "seconds without sound after which listening ends", low=0.1, high=3600)
    live_resume_seconds: float = _setting(60.0, "seconds to come back in after a lost connection", low=0, high=3600)
    live_backlog_seconds: float = _setting(
        5.0, "seconds that live scores may lie behind before windows are shed", low=0.5, high=60
    )
    radio: str = _setting(
        "auto",
        "radio stations fetched for visitors: 1 public ones, private those of this machine's networks too, 0 none; "
        "auto is 1 while listening on loopback only",
    )
    radio_memory_mib: float = _setting(512.0, "memory for receiving one station, in MiB", low=64)
    cache_mib: float = _setting(64.0, "decoded sound and scores kept in memory, in MiB", low=1)
    proxies: int = _setting(
        0, "proxies in front of the service, whose X-Forwarded-* headers are believed", low=0, high=9
    )
    visitor_requests: int = _setting(1200, "requests a minute from one visitor elsewhere; 0: any number", low=0)
    address_requests: int = _setting(6000, "requests a minute from one address elsewhere; 0: any number", low=0)
    log_format: str = _setting("text", f"how logged messages look: {', '.join(_LOG_FORMATS)}")
    log_level: str = _setting("WARNING", f"minimum level of logged messages: {', '.join(_LOG_LEVELS)}")

    def __post_init__(self) -> None:
        for setting in fields(self):
            _check_range(setting.name, getattr(self, setting.name), setting.metadata["low"], setting.metadata["high"])
        if not self.host.strip():
            raise SettingsError(f"{PREFIX}HOST is empty; use 127.0.0.1, or 0.0.0.0 for every network.")
        if (n_held := self.max_concurrent_uploads + self.live_sessions) >= self.threads:
            raise SettingsError(
                f"{PREFIX}MAX_CONCURRENT_UPLOADS and {PREFIX}LIVE_SESSIONS are {n_held} together; that must be below "
                f"{PREFIX}THREADS, {self.threads}, so that the page answers while those are under way."
            )
        for name, allowed in (("log_level", _LOG_LEVELS), ("log_format", _LOG_FORMATS), ("radio", _RADIO)):
            if (value := getattr(self, name)) not in allowed:
                raise SettingsError(f"{PREFIX}{name.upper()} is {value!r}; use one of {', '.join(allowed)}.")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None, **overrides: Any) -> Settings:
        """Read the settings.

        Parameters
        ----------
        environment : mapping, optional
            Variables; the process's own by default.
        **overrides
            Attributes that win over the variables; None is ignored.

        Returns
        -------
        Settings
            Validated.

        Raises
        ------
        SettingsError
            If a variable is misspelt, unreadable or out of range.
        """
        environment = os.environ if environment is None else environment
        names = {PREFIX + setting.name.upper(): setting for setting in fields(cls)}
        _refuse_misspelt(sorted(set(environment) - set(names)), list(names))
        values = {
            setting.name: _parsed(name, environment[name], str(setting.type))
            for name, setting in names.items()
            if environment.get(name, "") != ""
        }
        return cls(**{**values, **{name: value for name, value in overrides.items() if value is not None}})

    @property
    def max_upload_bytes(self) -> int:
        """Largest upload, in bytes."""
        return int(self.max_upload_mib * 2**20)

    @property
    def limits(self) -> Limits:
        """What the decoder accepts."""
        return Limits(max_bytes=self.max_upload_bytes, max_seconds=self.max_track_seconds)

    @property
    def bounds(self) -> Bounds:
        """What decoding one file may use."""
        return Bounds(self.decode_stall_seconds, self.decode_cpu_seconds, self.decode_memory_mib)

    @property
    def is_loopback_only(self) -> bool:
        """Whether only this machine can reach the service."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return False

    @property
    def has_radio(self) -> bool:
        """Whether visitors may listen to radio stations; by default only who sits at this machine."""
        if self.radio == "auto":
            return self.is_own_machine
        return self.radio != "0"

    @property
    def is_own_machine(self) -> bool:
        """Whether whoever uses the page sits at this machine; a proxy in front would name the hosts."""
        return self.is_loopback_only and not self.allowed_hosts

    @property
    def has_documentation(self) -> bool:
        """Whether the documentation has been built where it is looked for."""
        return (self.docs_folder / "index.html").is_file()

    @property
    def trusted_hosts(self) -> list[str] | None:
        """Host names that requests may be addressed to; None for any."""
        if self.allowed_hosts:
            return list(self.allowed_hosts)
        return ["localhost", "127.0.0.1", "[::1]", self.host] if self.is_loopback_only else None

    def describe(self) -> str:
        """Give every setting with its value and meaning, for ``--help``."""
        lines = []
        for setting in fields(self):
            value = getattr(self, setting.name)
            shown = ",".join(value) if isinstance(value, tuple) else value
            if setting.name in ("secret", "redis") and value:
                shown = "..."  # help is read by others, too
            lines += [f"  {PREFIX}{setting.name.upper()}={shown}", f"      {setting.metadata['help']}"]
        return "\n".join(lines)


def _refuse_misspelt(others: list[str], names: list[str]) -> None:
    """Refuse a variable that is nearly a setting: it would be ignored otherwise."""
    endings = [name.removeprefix(PREFIX) for name in names]
    for other in others:
        if other.startswith(PREFIX):
            meant = difflib.get_close_matches(other.removeprefix(PREFIX), endings, n=1, cutoff=0.7)
            if meant:
                raise SettingsError(f"{other} is not a setting; did you mean {PREFIX}{meant[0]}?")


def _check_range(name: str, value: Any, low: float | None, high: float | None) -> None:
    if not isinstance(value, int | float):
        return
    is_low = low is not None and not value >= low
    is_high = high is not None and not value <= high
    if is_low or is_high or not math.isfinite(value):
        allowed = f"at least {low}" if high is None else f"{low} to {high}"
        raise SettingsError(f"{PREFIX}{name.upper()} is {value}; use {allowed}.")


def _parsed(name: str, text: str, type_name: str) -> Any:
    try:
        match type_name:
            case "int":
                return int(text)
            case "float":
                return float(text)
            case "Path":
                return Path(text).expanduser()
            case "tuple[str, ...]":
                return tuple(part.strip() for part in text.split(",") if part.strip())
    except ValueError as error:
        kind = "a whole number" if type_name == "int" else "a number"
        raise SettingsError(f"{name} is {text!r}; it must be {kind}.") from error
    return text
