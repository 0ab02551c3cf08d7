"""The library: whose tracks are whose, how long they stay, and that nothing is lost."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from dashboard.decoding.jobs import Decoded
from dashboard.errors import StartError, StorageFullError, UnknownTrackError, UploadLimitError
from dashboard.library.library import Library, identity_of
from dashboard.library.record import TrackRecord
from dashboard.settings import Settings
from model.audio.limits import AudioInfo
from model.audio.warnings import AudioWarning
from model.params import AudioParams
from tests.dashboard.records import sounds_in

DECODED = Decoded(AudioInfo("WAV PCM_16", 44_100, 2, 441_000), (AudioWarning("clipped", "Flat."),), 1.5)


class Clock:
    """Time that tests turn."""

    def __init__(self) -> None:
        self.now = 1e9

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def library(settings: Settings, clock: Clock) -> Library:
    return Library(settings, AudioParams(), clock)


def add(library: Library, visitor: str, content: bytes, file_name: str | None = "song.wav") -> TrackRecord:
    path = library.new_file()
    path.write_bytes(content)
    return library.add(path, identity_of(path), visitor, file_name=file_name, decoded=DECODED, n_samples=220_500)


def test_samples_come_first_then_the_newest_upload(library: Library, clock: Clock) -> None:
    first = add(library, "ann", b"one")
    clock.now += 1
    second = add(library, "ann", b"two")
    assert library.tracks("ann") == [*library.samples, second, first]


def test_a_track_is_named_by_its_content(library: Library, samples_folder: Path) -> None:
    assert library.samples[0].id == identity_of(samples_folder / "first.flac")
    assert len(library.samples[0].id) == 32


def test_the_same_bytes_twice_are_one_track(library: Library) -> None:
    assert add(library, "ann", b"one") == add(library, "ann", b"one", "other.wav")
    assert len(library.tracks("ann")) == len(library.samples) + 1


def test_the_same_bytes_under_another_name_take_that_name(library: Library) -> None:
    upload = add(library, "ann", b"one")
    renamed = library.called(upload.id, "ann", "better.wav")
    assert renamed == replace(upload, title="better.wav")
    assert library.tracks("ann")[-1] == renamed
    with pytest.raises(UnknownTrackError):
        library.called(upload.id, "bob", "stolen.wav")
    sample = library.samples[0]
    assert library.called(sample.id, "ann", "mine.wav") == sample


def test_what_was_odd_about_an_upload_is_kept(library: Library) -> None:
    upload = add(library, "ann", b"one")
    assert (upload.rate_hz, upload.n_channels, upload.peak) == (44_100, 2, 1.5)
    assert upload.warnings == DECODED.warnings


def test_nobody_else_finds_or_removes_an_upload(library: Library) -> None:
    upload = add(library, "ann", b"one")
    for stranger in ("bob", None, ""):
        assert upload not in library.tracks(stranger)
        with pytest.raises(UnknownTrackError):
            library.find(upload.id, stranger)
        with pytest.raises(UnknownTrackError):
            library.remove(upload.id, stranger)
    assert library.find(upload.id, "ann") == upload


def test_two_visitors_may_keep_the_same_bytes(library: Library) -> None:
    add(library, "ann", b"one")
    upload = add(library, "bob", b"one")
    library.remove(upload.id, "ann")
    assert library.find(upload.id, "bob").path.read_bytes() == b"one"


@pytest.mark.parametrize("identity", ["", "..", "../../etc/passwd", "A" * 32, "0" * 32, "0" * 31, "0" * 32 + "\n"])
def test_odd_ids_are_unknown_tracks(library: Library, identity: str) -> None:
    with pytest.raises(UnknownTrackError):
        library.find(identity, "ann")


def test_a_removed_upload_leaves_nothing_on_disk(library: Library, settings: Settings) -> None:
    upload = add(library, "ann", b"one")
    library.remove(upload.id, "ann")
    assert not sounds_in(settings.data_folder)


def test_samples_cannot_be_removed(library: Library) -> None:
    with pytest.raises(UnknownTrackError, match="is a sample"):
        library.remove(library.samples[0].id, "ann")


def test_uploads_survive_a_restart(library: Library, settings: Settings, clock: Clock) -> None:
    upload = add(library, "ann", b"one")
    again = Library(settings, AudioParams(), clock)
    assert again.find(upload.id, "ann") == upload


def test_uploads_expire_and_leave_the_disk(library: Library, settings: Settings, clock: Clock) -> None:
    upload = add(library, "ann", b"one")
    clock.now += 24 * 3600 + 1
    with pytest.raises(UnknownTrackError):
        library.find(upload.id, "ann")
    assert library.tracks("ann") == list(library.samples)
    assert not sounds_in(settings.data_folder)


def test_files_of_broken_off_uploads_are_swept_but_not_those_that_arrive(library: Library, clock: Clock) -> None:
    import time

    clock.now = time.time()
    left = library.new_file()
    library.tracks("ann")
    assert left.exists()
    clock.now += 3 * 3600
    library.tracks("ann")
    assert not left.exists()


def test_the_number_of_uploads_is_limited(settings: Settings) -> None:
    library = Library(replace(settings, max_uploads=2), AudioParams())
    kept = [add(library, "ann", b"one"), add(library, "ann", b"two")]
    with pytest.raises(UploadLimitError, match="the limit is 2"):
        add(library, "ann", b"three")
    assert all(upload in library.tracks("ann") for upload in kept)
    add(library, "bob", b"three")


def test_uploads_can_be_turned_off(settings: Settings) -> None:
    with pytest.raises(UploadLimitError, match="turned off"):
        add(Library(replace(settings, max_uploads=0), AudioParams()), "ann", b"one")


def test_the_bytes_of_a_visitor_are_limited(settings: Settings) -> None:
    library = Library(replace(settings, max_visitor_mib=1.0), AudioParams())
    add(library, "ann", bytes(700_000))
    with pytest.raises(UploadLimitError, match="1 MiB"):
        add(library, "ann", b"1" * 700_000)


def test_the_bytes_of_all_visitors_are_limited(settings: Settings) -> None:
    library = Library(replace(settings, max_data_mib=1.0), AudioParams())
    add(library, "ann", bytes(700_000))
    with pytest.raises(StorageFullError):
        add(library, "bob", b"1" * 700_000)


def test_a_damaged_upload_is_left_out_and_can_be_added_again(library: Library) -> None:
    upload = add(library, "ann", b"one")
    (upload.path.parent / "meta.json").write_text("{", encoding="utf-8")
    assert upload not in library.tracks("ann")
    assert add(library, "ann", b"one").id == upload.id


def test_uploads_are_readable_by_their_owner_only(library: Library, settings: Settings) -> None:
    add(library, "ann", b"one")
    assert (settings.data_folder / "visitors").stat().st_mode & 0o077 == 0


def test_a_data_folder_that_cannot_be_made_is_told(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StartError, match="GENRE_DATA_FOLDER"):
        Library(replace(settings, data_folder=tmp_path / "file" / "data"), AudioParams())


class Visitors(RuleBasedStateMachine):
    """Several visitors add, remove and list at random; each finds exactly what is theirs."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.clock = Clock()
        self.settings = Settings(data_folder=Path(self.folder.name), max_uploads=3)
        self.library = Library(self.settings, AudioParams(), self.clock)
        self.kept: dict[str, dict[str, float]] = {}

    @rule(visitor=st.sampled_from("abc"), content=st.sampled_from([b"1", b"2", b"3", b"4"]))
    def add(self, visitor: str, content: bytes) -> None:
        self._let_time_pass(1)
        own = self.kept.setdefault(visitor, {})
        path = self.library.new_file()
        path.write_bytes(content)
        identity = identity_of(path)
        if identity not in own and len(own) == 3:
            with pytest.raises(UploadLimitError):
                self.library.add(path, identity, visitor, file_name="x", decoded=DECODED, n_samples=66_150)
        else:
            self.library.add(path, identity, visitor, file_name="x", decoded=DECODED, n_samples=66_150)
            own.setdefault(identity, self.clock.now)
        path.unlink(missing_ok=True)

    @precondition(lambda self: any(self.kept.values()))
    @rule(data=st.data(), visitor=st.sampled_from("abc"))
    def remove(self, data: st.DataObject, visitor: str) -> None:
        identity = data.draw(st.sampled_from(sorted({i for own in self.kept.values() for i in own})))
        if identity in self.kept.get(visitor, {}):
            self.library.remove(identity, visitor)
            del self.kept[visitor][identity]
        else:
            with pytest.raises(UnknownTrackError):
                self.library.remove(identity, visitor)

    @rule(hours=st.integers(1, 30))
    def wait(self, hours: int) -> None:
        self._let_time_pass(hours * 3600)

    def _let_time_pass(self, seconds: float) -> None:
        self.clock.now += seconds
        for own in self.kept.values():
            for identity in [i for i, created in own.items() if self.clock.now - created > 24 * 3600]:
                del own[identity]

    @rule()
    def restart(self) -> None:
        self.library = Library(self.settings, AudioParams(), self.clock)

    @invariant()
    def everybody_finds_exactly_their_own(self) -> None:
        for visitor in "abc":
            own = self.kept.get(visitor, {})
            listed = [record.id for record in self.library.tracks(visitor) if record.kind == "upload"]
            assert listed == sorted(own, key=lambda identity: -own[identity])

    def teardown(self) -> None:
        self.folder.cleanup()


TestVisitors = Visitors.TestCase
TestVisitors.settings = hypothesis_settings(max_examples=15, stateful_step_count=20, deadline=None)
