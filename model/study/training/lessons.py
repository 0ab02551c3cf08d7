"""What the network learns from beside the labels of its clips: teachers' opinions, and other music."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from model.study.datasets.gtzan import Clips
from model.study.datasets.music import OtherMusic, load_music
from model.study.datasets.opinions import Teachers
from model.study.datasets.teachers import load_tag_opinions, load_yamnet_opinions
from model.study.training.joint_teacher import teach
from model.study.training.params import TrainParams


@dataclass(frozen=True, eq=False)
class Lessons:
    """Soft targets of labelled clips, and other music with its own.

    Attributes
    ----------
    teachers : Teachers
        Opinions on the labelled clips.
    music : OtherMusic or None
        Clips without labels to learn from.
    music_teachers : Teachers
        Opinions on them.
    """

    teachers: Teachers = field(default_factory=Teachers)
    music: OtherMusic | None = None
    music_teachers: Teachers = field(default_factory=Teachers)

    def to_dict(self) -> dict[str, Any]:
        """Say for the card who taught, and what they had learnt from."""
        if self.teachers.genres is None:
            return {"teachers": "none", "other_music_clips": 0}
        return {
            "teachers": "MusiCNN, which was trained on the Million Song Dataset, and YAMNet, which was trained on "
            "AudioSet",
            "other_music_clips": 0 if self.music is None else len(self.music.tracks),
        }


def lessons_from_gtzan(clips: Clips, train: TrainParams, *, choosing: bool) -> Lessons:
    """Load what two pretrained networks said of GTZAN's tracks and of other music, as far as the fit asks for it.

    Parameters
    ----------
    clips : Clips
        The labelled tracks to learn from: the train list, or train and valid.
    train : TrainParams
        What is to be learnt.
    choosing : bool
        True while anything is chosen on the valid list: nothing that has heard its tracks or artists is loaded.

    Returns
    -------
    Lessons
        Empty where the fit asks for no teacher.

    Raises
    ------
    DatasetError
        If data is missing or not laid out as expected.
    """
    if not train.has_teachers:
        return Lessons()
    tags = load_tag_opinions(with_valid=not choosing)
    genres, embedding = load_yamnet_opinions(with_valid=not choosing)
    music = load_music(tags.names, choosing=choosing)
    teachers, music_teachers = teach(clips, tags, genres, embedding, music)
    return Lessons(teachers, music if train.music_per_batch else None, music_teachers)
