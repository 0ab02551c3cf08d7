"""The report: its curves and summaries against values known by hand, its words, its figures, its command."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from model.checkpoint import DEFAULT_CHECKPOINT, Card, read_card
from model.classifier import Classifier
from model.cli import main
from model.errors import DatasetError, ParameterError
from model.posteriors import product_rule
from model.recordings import Recording
from model.study.datasets.gtzan import Clips, load_clips
from model.study.evaluation import explanations
from model.study.evaluation import report as report_module
from model.study.evaluation.artists import describe_faults, facts, read_artists
from model.study.evaluation.curves import genre_scores, interval_95, reliability, roc
from model.study.evaluation.markdown import to_markdown
from model.study.evaluation.metrics import expected_calibration_error
from model.study.evaluation.plots import draw_all
from model.study.evaluation.report import build_report, evaluate
from model.study.evaluation.summaries import SUMMARIES, compare_summaries, listening_curve, mean, vote
from tests.gtzan import needs_gtzan

N_GENRES = 10


def _posteriors(n_tracks: int, n_windows: int = 10, *, seed: int = 0) -> NDArray[np.float32]:
    random = np.random.default_rng(seed)
    return random.dirichlet(np.full(N_GENRES, 0.3), (n_tracks, n_windows)).astype(np.float32)


def _report(card: Card | None = None, *, split: str = "valid") -> dict[str, Any]:
    labels = np.arange(30) % N_GENRES
    clips = Clips(tuple(f"track.{row:05}" for row in range(30)), labels, np.zeros((30, 1, 1), np.float32), ("gone",))
    card = card or read_card(DEFAULT_CHECKPOINT)
    report = build_report(card, clips, _posteriors(30), split=split, seed=0)
    return {"command": "python -m model evaluate", **report, "history": None}


@pytest.mark.parametrize(
    ("scores", "truth", "area"),
    [
        ([0.9, 0.8, 0.2, 0.1], [1, 1, 0, 0], 1.0),
        ([0.1, 0.2, 0.8, 0.9], [1, 1, 0, 0], 0.0),
        ([0.5, 0.5, 0.5, 0.5], [1, 0, 1, 0], 0.5),
        ([0.9, 0.7, 0.6, 0.4], [1, 0, 1, 0], 0.75),
    ],
)
def test_roc_area_is_the_share_of_pairs_ranked_rightly(scores: list[float], truth: list[int], area: float) -> None:
    curve = roc(np.array(scores), np.array(truth, bool))
    assert curve.area == pytest.approx(area)
    assert (curve.true_share[0], curve.true_share[-1]) == (0, 1)


@given(st.integers(0, 10_000), st.integers(2, 60))
def test_roc_area_equals_the_pair_count_for_any_scores(seed: int, n: int) -> None:
    random = np.random.default_rng(seed)
    scores = random.integers(0, 5, n) / 4  # with ties
    truth = np.arange(n) % 2 == 0
    pairs = np.sign(scores[truth][:, None] - scores[~truth][None, :])
    curve = roc(scores, truth)
    assert curve.area == pytest.approx(float((pairs + 1).mean() / 2))
    read = curve.at(np.linspace(0, 1, 11))
    assert (np.diff(read) >= 0).all()
    assert read[-1] == 1


def test_roc_needs_both_kinds() -> None:
    with pytest.raises(ParameterError, match="2 and 0"):
        roc(np.array([0.1, 0.2]), np.array([True, True]))


def test_precision_recall_and_f1_by_hand() -> None:
    counts = np.array([[3, 1, 0], [1, 1, 0], [0, 2, 0]])
    first, second, third = genre_scores(counts)
    assert (first.precision, first.recall, first.f1, first.support) == (0.75, 0.75, 0.75, 4)
    assert (second.precision, second.recall) == (0.25, 0.5)
    assert (third.precision, third.recall, third.f1) == (None, 0.0, 0.0)  # never called so: no precision to speak of


def test_reliability_bins_give_the_calibration_error() -> None:
    posteriors = _posteriors(200).reshape(-1, N_GENRES)
    labels = np.random.default_rng(1).integers(0, N_GENRES, len(posteriors))
    bins = reliability(posteriors, labels)
    error = sum(row["count"] * abs(row["confidence"] - row["accuracy"]) for row in bins) / len(labels)
    assert error == pytest.approx(expected_calibration_error(posteriors, labels))
    assert sum(row["count"] for row in bins) == len(labels)


def test_the_interval_holds_the_accuracy_and_shrinks_with_more_tracks() -> None:
    few, many = (interval_95([True, True, True, False] * n, seed=0) for n in (10, 100))
    assert few[0] < many[0] < 0.75 < many[1] < few[1]


@pytest.mark.parametrize("name", SUMMARIES)
@given(seed=st.integers(0, 1000), n_windows=st.integers(1, 12))
def test_every_summary_is_a_posterior_and_one_window_decides_as_it_is(name: str, seed: int, n_windows: int) -> None:
    windows = _posteriors(5, n_windows, seed=seed).astype(np.float64)
    tracks = SUMMARIES[name][1](windows)
    assert tracks.shape == (5, N_GENRES)
    assert tracks.sum(axis=1) == pytest.approx(np.ones(5))
    assert tracks.min() >= 0
    if n_windows == 1:
        assert (tracks.argmax(axis=1) == windows[:, 0].argmax(axis=1)).all()


def test_summaries_differ_as_they_should() -> None:
    mild, strong = [0.6, 0.4], [0.001, 0.999]
    windows = np.array([[mild, mild, strong]])
    assert vote(windows).argmax() == 0
    assert mean(windows).argmax() == 1
    assert product_rule(windows).argmax() == 1  # one window rules the first genre out


@pytest.mark.parametrize("name", ["smoothed", "markov"])
def test_running_summaries_follow_a_change(name: str) -> None:
    windows = np.array([[[0.9, 0.1]] * 7 + [[0.1, 0.9]] * 5])
    assert SUMMARIES[name][1](windows).argmax() == 1
    assert product_rule(windows).argmax() == 0


def test_listening_starts_with_the_windows_and_ends_with_the_tracks() -> None:
    windows = _posteriors(40).astype(np.float64)
    labels = np.random.default_rng(2).integers(0, N_GENRES, 40)
    rows = listening_curve(windows, labels, window_seconds=3.0)
    assert [row["seconds"] for row in rows] == [3.0 * n for n in range(1, 11)]
    assert rows[0]["mean_log"] == pytest.approx(float((windows.argmax(axis=2) == labels[:, None]).mean()))
    for summary in compare_summaries(windows, labels):
        assert rows[-1][summary["name"]] == pytest.approx(summary["track_accuracy"])


def test_the_report_is_json_and_its_parts_fit_together() -> None:
    report = json.loads(json.dumps(_report()))
    counts = np.array(report["confusion"]["tracks"])
    assert counts.sum() == report["figures"]["n_tracks"] == 30
    assert np.trace(counts) / 30 == pytest.approx(report["figures"]["track_accuracy"])
    assert np.array(report["confusion"]["windows"]).sum() == 300
    assert report["split"]["without_features"] == ["gone"]
    surest = [row["posterior_of_heard"] for row in report["mistakes"]]
    assert surest == sorted(surest, reverse=True)
    assert all(row["heard"] != row["genre"] for row in report["mistakes"])


def test_a_network_fitted_on_the_list_is_told_so() -> None:
    card = read_card(DEFAULT_CHECKPOINT)
    fitted = replace(card, data={**card.data, "trained_on": "train and valid"})
    honest = replace(card, data={**card.data, "trained_on": "train"})
    assert "fitted on these tracks too" in to_markdown(_report(fitted), [])
    assert "fitted on these tracks too" not in to_markdown(_report(honest), [])
    assert "fitted on these tracks too" not in to_markdown(_report(fitted, split="test"), [])


def test_the_page_names_the_mistakes_and_every_figure(tmp_path: Path) -> None:
    report = _report()
    pictures = draw_all(report, tmp_path)
    page = to_markdown(report, pictures)
    for name in pictures:
        assert f"]({name})" in page
        assert (tmp_path / name).read_bytes().startswith(b"\x89PNG")
    assert len(report["mistakes"]) > 10
    for row in report["mistakes"]:
        assert f"| {row['track']} | {row['genre']} | {row['heard']} |" in page


def test_figures_can_be_drawn_of_a_list_that_lacks_a_genre(tmp_path: Path) -> None:
    card = read_card(DEFAULT_CHECKPOINT)
    labels = np.array([0, 0, 1, 1])
    clips = Clips(("a", "b", "c", "d"), labels, np.zeros((4, 1, 1), np.float32))
    report = {"command": "x", **build_report(card, clips, _posteriors(4), split="valid", seed=0)}
    assert report["by_genre"][5]["roc"] is None
    assert report["by_genre"][5]["recall"] is None
    assert "n/a" in to_markdown(report, draw_all(report, tmp_path))


def test_the_index_of_artists_is_read(tmp_path: Path) -> None:
    index = "## a comment\n\nblues.00000.wav ::: John Lee Hooker ::: Boogie\nrock.00001.wav ::: :::\nrock.00002.wav\n"
    (tmp_path / "artists.txt").write_text(index, encoding="utf-8")
    assert read_artists(tmp_path) == {
        "blues.00000": Recording("John Lee Hooker", "Boogie"),
        "rock.00001": Recording("unknown", "unknown"),
        "rock.00002": Recording("unknown", "unknown"),
    }


@pytest.mark.parametrize("content", [None, "## nothing but a comment\n"])
def test_a_missing_or_empty_index_is_told(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "artists.txt").write_text(content, encoding="utf-8")
    with pytest.raises(DatasetError, match=r"artists\.txt"):
        read_artists(tmp_path)


def test_an_unknown_split_is_refused() -> None:
    with pytest.raises(ParameterError, match="'train'"):
        evaluate(Classifier(), "train")


@needs_gtzan
def test_the_data_shows_the_faults_it_is_said_to_have() -> None:
    found = facts()
    assert (found["n_filtered_out"], found["n_shared"]) == (70, 27)
    assert found["most_by_one_artist"]["reggae"] == 35
    assert "A single artist has 35 of 100 in reggae" in "\n".join(describe_faults(found))


@needs_gtzan
def test_the_command_writes_the_folder(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    clips = load_clips("valid")
    few = replace(clips, tracks=clips.tracks[::20], labels=clips.labels[::20], columns_db=clips.columns_db[::20])
    monkeypatch.setattr(explanations, "load_clips", lambda split: few)  # each window's explanation is hidden in turn
    history = [{"epoch": n, "loss": 2.0 / n, "accuracy": 0.5, "valid_loss": 1.5 / n} for n in (1, 2, 3)]
    (tmp_path / "history.json").write_text(json.dumps(history), encoding="utf-8")
    out = tmp_path / "report"
    arguments = ["--split", "valid", "--out", str(out), "--history", str(tmp_path / "history.json")]
    assert main(["evaluate", *arguments]) == 0
    report = json.loads((out / "report.json").read_text(encoding="utf-8"))
    assert report["figures"]["n_tracks"] == 197
    assert report["figures"]["track_accuracy"] > 0.6
    assert len(report["history"]) == 3
    page = (out / "report.md").read_text(encoding="utf-8")
    assert "](history.png)" in page
    assert "Sturm" in page
    assert "of 197 tracks" in capsys.readouterr().out


@needs_gtzan
def test_the_command_reports_on_the_other_shipped_models_too(tmp_path: Path) -> None:
    assert main(["evaluate", "--model", "mel_cnn", "--split", "valid", "--out", str(tmp_path)]) == 0
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert report["model"]["name"] == "mel_cnn"
    assert report["command"] == "python -m model evaluate --model mel_cnn --split valid"
    assert (report["split"]["windows_per_track"], report["figures"]["n_windows"]) == (6, 6 * 197)
    assert [row["seconds"] for row in report["listening"]] == pytest.approx([5, 10, 15, 20, 25, 30], abs=0.5)
    assert "6 windows of 5" in (tmp_path / "report.md").read_text(encoding="utf-8")


@needs_gtzan
def test_a_model_without_a_keras_file_gets_a_report_without_a_drawing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    clips = load_clips("valid")
    few = replace(clips, tracks=clips.tracks[::20], labels=clips.labels[::20], columns_db=clips.columns_db[::20])
    monkeypatch.setattr(report_module, "load_clips", lambda split: few)
    assert main(["evaluate", "--model", "two_block_8bit", "--split", "valid", "--out", str(tmp_path)]) == 0
    assert "confusion" in (tmp_path / "report.md").read_text(encoding="utf-8").lower()
    assert not (tmp_path / "network.png").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--model", "fma_dnn"], "fma_dnn is not a shipped model (feature_mlp, mel_cnn, mfcc_logreg, two_block"),
        (["--model", "somewhere", "--out", "there"], "somewhere holds no card.json; name a folder"),
    ],
)
def test_a_report_without_its_model_or_place_is_refused(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", *arguments]) == 2
    assert words in capsys.readouterr().err


def test_a_history_that_is_none_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "history.json").write_text("[]", encoding="utf-8")
    assert main(["evaluate", "--history", str(tmp_path / "history.json")]) == 2
    assert "holds no epochs" in capsys.readouterr().err
