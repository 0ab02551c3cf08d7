"""From performances to sound: FluidSynth plays each part with the soundfont, one stem at a time."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from samples.compose.perform import LEAD_IN_SECONDS, Groove, Part, write_midi

SAMPLE_RATE_HZ: Final = 44_100
SOUNDFONT: Final = Path("/usr/share/sounds/sf2/FluidR3_GM.sf2")

Sound = NDArray[np.float32]  # shape=(2, n_samples)


class ComposeError(Exception):
    """Something that rendering needs is missing, or a player failed."""


def require_tools(soundfont: Path = SOUNDFONT) -> None:
    """Check that everything rendering needs is here.

    Parameters
    ----------
    soundfont : Path
        The General MIDI soundfont.

    Raises
    ------
    ComposeError
        If FluidSynth, the soundfont or a package is missing; the message says how to get it.
    """
    if shutil.which("fluidsynth") is None:
        raise ComposeError(
            "The program fluidsynth is not on the path; install it (Debian: apt-get install fluidsynth)."
        )
    if not soundfont.is_file():
        raise ComposeError(f"No soundfont at {soundfont}; install it (Debian: apt-get install fluid-soundfont-gm).")
    for package in ("mido", "pedalboard", "scipy", "soundfile"):
        if find_spec(package) is None:
            raise ComposeError(
                f"The package {package} is not installed; run: pip install -r samples/compose/requirements.txt"
            )


def silence(seconds: float) -> Sound:
    """Give stereo silence."""
    return np.zeros((2, round(seconds * SAMPLE_RATE_HZ)), np.float32)


def play(part: Part, groove: Groove, seconds: float, folder: Path) -> Sound:
    """Let FluidSynth play one part.

    Parameters
    ----------
    part : Part
        What to play.
    groove : Groove
        Tempo and swing.
    seconds : float
        Length of the sound to give back; longer sound is cut, shorter padded.
    folder : Path
        Where the MIDI and WAV files may lie meanwhile.

    Returns
    -------
    np.ndarray [shape=(2, n_samples)], float32
        Dry stereo sound at 44.1 kHz.

    Raises
    ------
    ComposeError
        If FluidSynth fails or plays nothing.
    """
    import soundfile

    midi, wav = folder / f"{part.name}.mid", folder / f"{part.name}.wav"
    write_midi(part, groove, midi)
    command = ["fluidsynth", "-ni", "-q", "-R", "0", "-C", "0", "-g", "0.5", "-r", str(SAMPLE_RATE_HZ)]
    command += ["-o", "synth.dynamic-sample-loading=1", "-o", "synth.polyphony=256", "-O", "float", "-T", "wav"]
    command += ["-F", str(wav), str(SOUNDFONT), str(midi)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode or not wav.is_file():
        raise ComposeError(f"fluidsynth failed on {part.name} (exit {done.returncode}): {done.stderr.strip()[-400:]}")
    data, _ = soundfile.read(wav, dtype="float32", always_2d=True)
    if not data.any():
        raise ComposeError(
            f"fluidsynth played only silence for {part.name}; is program {part.program} in the soundfont?"
        )
    sound = silence(seconds)
    skip = round(LEAD_IN_SECONDS * SAMPLE_RATE_HZ)
    data = data[skip : skip + sound.shape[1]]
    sound[:, : len(data)] = data.T
    return sound


def play_all(parts: Sequence[Part], groove: Groove, seconds: float) -> dict[str, Sound]:
    """Play every part, two at a time; a part without notes is silence.

    Returns
    -------
    dict of str to np.ndarray [shape=(2, n_samples)], float32
        The dry stems by name.
    """
    with tempfile.TemporaryDirectory() as name, ThreadPoolExecutor(2) as pool:
        stems = pool.map(
            lambda part: play(part, groove, seconds, Path(name)) if part.notes else silence(seconds), parts
        )
        return {part.name: stem for part, stem in zip(parts, stems, strict=True)}
