"""Hand-made features agree with the published table, and the table is read with care."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from model.audio.decode import decode
from model.errors import AudioTooShortError, DatasetError, ParameterError
from model.study.datasets.features_table import load_table, read_table
from model.study.descriptors import DESCRIPTORS, describe
from tests.gtzan import ROOT, needs_gtzan
from tests.sounds import RATE_HZ, chord

# Everything comes out to single precision. Means of the two parts' samples cancel to nearly nothing and are compared
# with the parts' deviations; the MFCC means that lie around 0, with 1 dB.
RELATIVE = 1e-5
OF_DEVIATION = 1e-7
CHEAP = tuple(name for name in DESCRIPTORS if not name.startswith(("harmony", "perceptr", "tempo")))


def _tolerances(names: tuple[str, ...], published: np.ndarray) -> np.ndarray:
    values = dict(zip(names, published, strict=True))
    return np.array(
        [
            OF_DEVIATION * np.sqrt(values[name.replace("_mean", "_var")])
            if name in ("harmony_mean", "perceptr_mean")
            else RELATIVE * max(abs(values[name]), 1.0 if name.startswith("mfcc") else 0.0)
            for name in names
        ]
    )


@needs_gtzan
@pytest.mark.parametrize(
    ("track", "names"), [("blues.00000", DESCRIPTORS), ("country.00001", CHEAP), ("metal.00000", CHEAP)]
)
def test_the_published_table_comes_out_of_the_sound(track: str, names: tuple[str, ...]) -> None:
    """In blues.00000 and country.00001 the last hop and the reflected ends matter, in the others less."""
    published = load_table(ROOT, names).of([track])[0]
    sound = decode(ROOT / "audio" / track.split(".")[0] / f"{track}.flac")
    computed = describe(sound.samples, names=names)
    wrong = np.abs(computed - published) > _tolerances(names, published)
    assert not wrong.any(), [
        (name, ours, theirs)
        for name, ours, theirs, is_wrong in zip(names, computed, published, wrong, strict=True)
        if is_wrong
    ]


def test_the_table_has_57_descriptors_and_mean_before_variance() -> None:
    assert len(DESCRIPTORS) == len(set(DESCRIPTORS)) == 57
    assert DESCRIPTORS[:2] == ("chroma_stft_mean", "chroma_stft_var")
    assert DESCRIPTORS[16] == "tempo"
    assert DESCRIPTORS[-1] == "mfcc20_var"


def test_a_tone_is_described_by_its_pitch() -> None:
    time = np.arange(3 * RATE_HZ) / RATE_HZ
    tone = (0.5 * np.sin(2 * np.pi * 1000 * time)).astype(np.float32)
    names = ("zero_crossing_rate_mean", "spectral_centroid_mean", "rms_mean", "rolloff_mean")
    crossings, centroid, rms, rolloff = describe(tone, names=names)
    assert crossings * RATE_HZ / 2 == pytest.approx(1000, rel=0.02)
    assert centroid == pytest.approx(1000, rel=0.05)
    assert rms == pytest.approx(0.5 / np.sqrt(2), rel=0.01)
    assert rolloff == pytest.approx(1000, abs=RATE_HZ / 2048 * 2)


def test_descriptors_come_in_the_order_asked_for() -> None:
    sound = chord(1.0)
    names = ("mfcc3_mean", "rms_var", "mfcc1_mean")
    np.testing.assert_array_equal(describe(sound, names=names), describe(sound, names=names[::-1])[::-1])


def test_silence_has_descriptors_too() -> None:
    described = dict(zip(DESCRIPTORS, describe(np.zeros(RATE_HZ, np.float32)), strict=True))
    assert described["rms_mean"] == described["tempo"] == described["harmony_var"] == 0
    assert np.isfinite(list(described.values())).all()


def test_what_cannot_be_described_is_refused() -> None:
    with pytest.raises(ParameterError, match="no descriptor 'loudness'"):
        describe(chord(1.0), names=("loudness",))
    with pytest.raises(ParameterError, match="mono"):
        describe(np.zeros((4096, 2), np.float32))
    with pytest.raises(AudioTooShortError, match="100 samples"):
        describe(np.zeros(100, np.float32))


NAMES = ("rms_mean", "tempo")


def _table(folder: Path, text: str) -> Path:
    path = folder / "features_30s.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_table_gives_rows_by_track(tmp_path: Path) -> None:
    path = _table(tmp_path, "filename,tempo,rms_mean,label\nb.2.wav,120,0.5,b\na.1.au,90,0.25,a\n")
    table = read_table(path, NAMES)
    np.testing.assert_array_equal(table.of(["a.1", "b.2"]), [[0.25, 90], [0.5, 120]])
    with pytest.raises(DatasetError, match=r"no row for c\.3 \(1 of 2"):
        table.of(["a.1", "c.3"])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("filename,tempo\na.wav,90\n", "column rms_mean is missing"),
        ("tempo,rms_mean\n90,1\n", "column filename is missing"),
        ("filename,tempo,rms_mean\n", "no tracks"),
        ("filename,tempo,rms_mean\na.wav,90,1\nb.wav,fast,1\n", "line 3: tempo is 'fast'"),
        ("filename,tempo,rms_mean\na.wav,nan,1\n", "tempo is 'nan'"),
        ("filename,tempo,rms_mean\na.wav,90\n", "rms_mean is None"),
        ("filename,tempo,rms_mean\na.wav,90,1\na.wav,90,1\n", "only 1 different"),
    ],
)
def test_a_faulty_table_says_where(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(DatasetError, match=message):
        read_table(_table(tmp_path, text), NAMES)


def test_a_missing_table_says_where_to_put_it(tmp_path: Path) -> None:
    with pytest.raises(DatasetError, match=r"features_30s\.csv cannot be read.*Put the table"):
        read_table(tmp_path / "features_30s.csv")
