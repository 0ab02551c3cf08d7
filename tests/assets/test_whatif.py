"""The one part of What if that could depend on where it began: the frames that move the pitch, and with it the tempo.

What is heard began when the knob was turned; what is scored begins shortly before its window. Filters forget where
they began; frames fall otherwise. `tests/browser/test_what_if.py` compares with what is really heard.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import soundfile

from model.audio.resample import Resampler
from model.classifier import Classifier
from model.scorer import Scorer
from model.windows import Window
from tests.assets.test_modules import node

MOST = 0.05
WINDOW_SECONDS = 3
STARTS_SECONDS = (0.0, 0.03, 6.3)
CASES = (("jazz", 31, 4), ("reggae", 20, 1), ("metal", 31, -1), ("metal", 20, 4))


def shifted(samples: np.ndarray, ratio: float, starts: list[int]) -> np.ndarray:
    script = Path(__file__).with_name("shift.mjs")
    command = [node(), str(script), str(ratio), *map(str, starts)]
    done = subprocess.run(command, input=samples.tobytes(), capture_output=True, check=True, timeout=120)
    return np.frombuffer(done.stdout, np.float32).reshape(len(starts), -1)


def test_scores_do_not_depend_on_where_the_frames_began() -> None:
    scorer = Scorer(Classifier())
    apart = []
    for name, end, semitones in CASES:
        sound, rate_hz = soundfile.read(f"samples/{name}.ogg", dtype="float32")
        stretch = sound.mean(axis=1, dtype=np.float32)[(end - 10) * rate_hz : end * rate_hz]
        found = []
        for out in shifted(stretch, 2 ** (semitones / 12), [int(start * rate_hz) for start in STARTS_SECONDS]):
            resampler = Resampler(rate_hz, 22_050)
            window = np.concatenate((resampler.feed(out[-WINDOW_SECONDS * rate_hz :]), resampler.finish()))
            found.append(scorer.score(Window(0, 0, 66_150, window[:66_150])).probabilities)
        apart += [float(np.abs(other - found[0]).max()) for other in found[1:]]
    scorer.close()
    assert max(apart) <= MOST
