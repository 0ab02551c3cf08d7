"""A checkpoint: a folder with weights and the card that says what they are.

The card fixes genres, parameters, temperature and the hash of each weights file; what it says wins over every
setting. A folder whose parts do not belong together is refused.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from model.errors import CheckpointError
from model.params import ModelParams

WEIGHTS_FOLDER: Final = Path(__file__).parent / "weights"
DEFAULT_CHECKPOINT: Final = WEIGHTS_FOLDER / "two_block"
CARD_NAME: Final = "card.json"
FIRST_RELEASE: Final = "1.0.0"  # of a checkpoint whose maker names no other


@dataclass(frozen=True)
class WeightsFile:
    """One file of weights: its name within the folder and its SHA-256, in hexadecimal."""

    name: str
    sha256: str


@dataclass(frozen=True)
class Card:
    """What a checkpoint is, what it learned from, and how often it is right.

    Attributes
    ----------
    name, version : str
        Which model this is.
    created : str
        Date of the training, ISO 8601.
    genres : tuple of str
        The outputs, in order.
    params : ModelParams
        Windows and features the weights were trained with.
    files : dict of str to WeightsFile
        Under ``"keras"`` and ``"litert"``.
    n_parameters : int
        Size of the network.
    temperature : float
        Divides the logits; above 1 it makes the posteriors less certain (Guo et al., 2017).
    largest_spread : float
        A window whose calibrated posterior has a larger `model.calibration.spread_of` than this is `unsure`.
    data, figures, training, versions : dict
        Provenance: what it was trained on, measured figures, how, and with what software.
    """

    name: str
    version: str
    created: str
    genres: tuple[str, ...]
    params: ModelParams
    files: dict[str, WeightsFile]
    n_parameters: int
    temperature: float
    largest_spread: float
    data: dict[str, Any] = field(default_factory=dict)
    figures: dict[str, Any] = field(default_factory=dict)
    training: dict[str, Any] = field(default_factory=dict)
    versions: dict[str, str] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Give the card as JSON-ready values."""
        return {**asdict(self), "params": self.params.to_dict(), "genres": list(self.genres)}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Card:
        """Rebuild a card from its JSON.

        Parameters
        ----------
        values : dict
            What `to_dict` gave.

        Raises
        ------
        CheckpointError
            If a key is missing or unknown, or a value is out of range.
        """
        try:
            card = cls(
                **{
                    **values,
                    "genres": tuple(values["genres"]),
                    "params": ModelParams.from_dict(values["params"]),
                    "files": {kind: WeightsFile(**file) for kind, file in values["files"].items()},
                }
            )
        except (KeyError, TypeError, AttributeError) as error:
            raise CheckpointError(f"The card cannot be read ({error}); train or download the model again.") from error
        if not card.temperature > 0:
            raise CheckpointError(f"The card's temperature is {card.temperature}; it must be above 0.")
        if len(set(card.genres)) != len(card.genres) or not card.genres:
            raise CheckpointError(f"The card lists the genres {card.genres}; they must be different, and at least one.")
        return card

    @property
    def short_hash(self) -> str:
        """First 12 hexadecimal digits of the serving weights' hash: the model's identity in messages."""
        return self.files["litert"].sha256[:12]


def shipped_models() -> list[str]:
    """List the names of the models that come with the project, sorted."""
    return sorted(card.parent.name for card in WEIGHTS_FOLDER.glob(f"*/{CARD_NAME}"))


def find_checkpoint(name: str) -> Path:
    """Find a checkpoint by the name of a shipped model or by its folder.

    Parameters
    ----------
    name : str
        ``mel_cnn`` is the shipped model of that name, ``./mel_cnn`` and ``runs/mine`` are folders.

    Returns
    -------
    Path
        The checkpoint's folder; `read_card` says if there is none.
    """
    return WEIGHTS_FOLDER / name if name in shipped_models() else Path(name)


def read_card(folder: Path) -> Card:
    """Read the card of a checkpoint.

    Parameters
    ----------
    folder : Path
        The checkpoint.

    Returns
    -------
    Card
        What it says.

    Raises
    ------
    CheckpointError
        If there is no card, or it cannot be read.
    """
    path = folder / CARD_NAME
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise CheckpointError(
            f"{folder} holds no {CARD_NAME}; name a folder that `model train` wrote, or a shipped model: "
            f"{', '.join(shipped_models())}."
        ) from error
    except ValueError as error:
        raise CheckpointError(f"{path} is not JSON ({error}); train or download the model again.") from error
    return Card.from_dict(values)


def write_card(folder: Path, card: Card) -> None:
    """Write a card into its checkpoint's folder."""
    text = json.dumps(card.to_dict(), indent=2, ensure_ascii=False)
    (folder / CARD_NAME).write_text(text + "\n", encoding="utf-8")


def read_weights(folder: Path, card: Card, kind: str) -> bytes:
    """Read a weights file, and refuse it if it is not the one the card describes.

    Parameters
    ----------
    folder : Path
        The checkpoint.
    card : Card
        Its card.
    kind : {"litert", "keras"}
        Which file.

    Returns
    -------
    bytes
        The file.

    Raises
    ------
    CheckpointError
        If the file is missing or its SHA-256 is another.
    """
    if kind not in card.files:
        raise CheckpointError(f"The card of {card.name} lists no {kind} weights, only {sorted(card.files)}.")
    file = card.files[kind]
    path = folder / file.name
    if not path.is_file():
        raise CheckpointError(f"{path} is missing though its card lists it; restore it or export the model again.")
    content = path.read_bytes()
    digest = sha256(content)
    if digest != file.sha256:
        raise CheckpointError(
            f"{path} has SHA-256 {digest[:12]}..., its card says {file.sha256[:12]}...: "
            "weights and card do not belong together. Export the model again."
        )
    return content


def sha256(content: bytes) -> str:
    """Hash some bytes; hexadecimal."""
    return hashlib.sha256(content).hexdigest()
