"""What a training run leaves on disk after each epoch, so that a stopped or killed run can go on."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from model.errors import TrainingError

_STATE: Final = "state.npz"
_BEST: Final = "best.npz"


@dataclass
class RunState:
    """The state of a run after its last whole epoch.

    Attributes
    ----------
    folder : Path
        Where it is kept.
    fingerprint : dict
        The parameters of the run; another run in the same folder is refused.
    history : list of dict
        One entry an epoch.
    snapshot : list of np.ndarray
        Weights, optimizer, averages and dropout's state; empty before the first epoch.
    """

    folder: Path
    fingerprint: dict[str, Any]
    history: list[dict[str, float]] = field(default_factory=list)
    snapshot: list[NDArray[Any]] = field(default_factory=list)

    @classmethod
    def open(cls, folder: Path, fingerprint: dict[str, Any]) -> RunState:
        """Start a run in a folder, or find the one that was stopped there.

        Parameters
        ----------
        folder : Path
            Made if missing.
        fingerprint : dict
            JSON-ready parameters of the run.

        Raises
        ------
        TrainingError
            If the folder holds a run with other parameters, or a damaged one.
        """
        folder.mkdir(parents=True, exist_ok=True)
        fingerprint = json.loads(json.dumps(fingerprint))
        path = folder / _STATE
        if not path.exists():
            return cls(folder, fingerprint)
        try:
            with np.load(path) as stored:
                told = json.loads(str(stored["told"]))
                snapshot = [stored[f"array_{number}"] for number in range(told["n_arrays"])]
        except (OSError, ValueError, KeyError) as error:
            raise TrainingError(f"The run in {folder} cannot be read ({error}); use another --run.") from error
        if told["fingerprint"] != fingerprint:
            changed = sorted(name for name in fingerprint if told["fingerprint"].get(name) != fingerprint[name])
            raise TrainingError(
                f"The run in {folder} was started with other values of {', '.join(changed)}; "
                "use the same arguments to go on with it, or another --run folder."
            )
        return cls(folder, fingerprint, told["history"], snapshot)

    @property
    def epoch(self) -> int:
        """Epochs done."""
        return len(self.history)

    @property
    def best_epoch(self) -> int:
        """The epoch with the lowest validation loss, from 1; the last one where there is no validation."""
        return best_epoch(self.history)

    @property
    def epochs_since_best(self) -> int:
        """Epochs done after the best one."""
        return self.epoch - self.best_epoch

    def add(self, entry: dict[str, float], snapshot: list[NDArray[Any]], weights: list[NDArray[Any]]) -> None:
        """Store an epoch; a kill at any moment leaves this epoch or the one before, never a part.

        Parameters
        ----------
        entry : dict
            The epoch's figures.
        snapshot : list of np.ndarray
            What the next epoch starts from.
        weights : list of np.ndarray
            The averaged weights, kept if this epoch is the best.
        """
        self.history.append(entry)
        self.snapshot = snapshot
        if self.best_epoch == self.epoch:
            _write(self.folder / _BEST, weights, {})
        _write(self.folder / _STATE, snapshot, {"fingerprint": self.fingerprint, "history": self.history})

    def best_weights(self) -> list[NDArray[Any]]:
        """Load the averaged weights of the best epoch.

        Raises
        ------
        TrainingError
            If no epoch was finished.
        """
        path = self.folder / _BEST
        if not path.exists():
            raise TrainingError(f"The run in {self.folder} finished no epoch; start it again.")
        with np.load(path) as stored:
            n_arrays = json.loads(str(stored["told"]))["n_arrays"]
            return [stored[f"array_{number}"] for number in range(n_arrays)]


def best_epoch(history: Sequence[Mapping[str, float]]) -> int:
    """Find the epoch with the lowest validation loss, from 1; the last one where there is no validation; 0 for none."""
    if not history or "valid_loss" not in history[-1]:
        return len(history)
    return 1 + min(range(len(history)), key=lambda epoch: history[epoch]["valid_loss"])


def _write(path: Path, arrays: list[NDArray[Any]], told: dict[str, Any]) -> None:
    part = path.with_suffix(".part")
    named = {f"array_{number}": array for number, array in enumerate(arrays)}
    with part.open("wb") as stream:
        np.savez(stream, allow_pickle=False, told=np.array(json.dumps({**told, "n_arrays": len(arrays)})), **named)
    part.replace(path)
