"""Run by the other environment's Python: what pyAudioAnalysis does before it classifies a file, timed; prints seconds.

Its genre classifiers take means and deviations of 68 short-term features over the file; those are computed here with
the steps that its own classifiers were trained with (50 ms, no overlap), and the classifier itself, which is cheap, is
not.
"""

import sys
import time

from pyAudioAnalysis import MidTermFeatures, audioBasicIO

SHORT_SECONDS = 0.05
MID_SECONDS = 1.0


def describe(file: str) -> None:
    """Read a file and compute its mid-term features, as ``audioTrainTest.file_classification`` does."""
    rate_hz, samples = audioBasicIO.read_audio_file(file)
    mono = audioBasicIO.stereo_to_mono(samples)
    MidTermFeatures.mid_feature_extraction(
        mono,
        rate_hz,
        int(MID_SECONDS * rate_hz),
        int(MID_SECONDS * rate_hz),
        int(SHORT_SECONDS * rate_hz),
        int(SHORT_SECONDS * rate_hz),
    )


if __name__ == "__main__":
    path, runs = sys.argv[1], int(sys.argv[2])
    describe(path)  # warm up
    for _ in range(runs):
        begun = time.perf_counter()
        describe(path)
        sys.stdout.write(f"{time.perf_counter() - begun}\n")
