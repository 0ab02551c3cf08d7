"""The tempo is librosa's, without librosa."""

from __future__ import annotations

import numpy as np
import pytest

from model.audio.decode import decode
from model.descriptors.window import Descriptors


@pytest.mark.parametrize("name", ["jazz", "reggae", "metal"])
@pytest.mark.parametrize(("start", "seconds"), [(10, 3.0), (20, 3.0), (5, 12.0)])
def test_the_tempo_is_that_of_librosa(name: str, start: int, seconds: float) -> None:
    librosa = pytest.importorskip("librosa", reason="librosa is not installed (make study installs it)")
    samples = decode(f"samples/{name}.ogg").samples[start * 22_050 :][: round(seconds * 22_050)]
    mel_db = librosa.power_to_db(librosa.feature.melspectrogram(y=samples, sr=22_050))
    onsets = librosa.onset.onset_strength(S=mel_db, sr=22_050, aggregate=np.median)
    theirs = float(librosa.feature.tempo(onset_envelope=onsets, sr=22_050)[0])
    assert Descriptors().tempo(samples) == pytest.approx(theirs, rel=1e-6)


def test_silence_has_no_tempo_and_clicks_have_theirs() -> None:
    assert Descriptors().tempo(np.zeros(66_150, np.float32)) == 0
    clicks = np.zeros(10 * 22_050, np.float32)
    clicks[:: 22_050 // 2] = 1
    assert Descriptors().tempo(clicks) == pytest.approx(120, rel=0.03)
