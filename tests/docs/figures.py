"""The figures and tables of the documentation, from the files that hold them: ``python -m tests.docs.figures``.

A page marks what its author must not type: ``<!--=name-->77.9 %<!--/-->``. This program writes what stands there, and a
test holds it to its file.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import numpy as np

from dashboard.api.problems import KINDS
from dashboard.settings import Settings
from model.calibration import spread_of
from model.level import SILENCE_DBFS
from model.params import ModelParams
from model.segments import CHANGE_COST
from model.study.network import NetworkParams
from model.windows import BATCH_HOP_SECONDS, LIVE_HOP_SECONDS
from tests.docs.paper import paper_figures
from tests.docs.parts import ROOT, read, table
from tests.docs.robustness import robustness_figures
from tests.docs.speed import speed_figures

DOCS = ROOT / "docs"
RESULTS = ROOT / "model" / "study" / "results"
EXAMPLES = {
    "classify.sh": "sh",
    "classify.py": "python",
    "scores.mjs": "js",
    "live.py": "python",
    "notebook.py": "python",
}
MARK = re.compile(r"<!--=(?P<name>[^>]+?)-->(?P<text>.*?)<!--/-->", re.DOTALL)


def pages() -> list[Path]:
    """Every page of the documentation."""
    return sorted(DOCS.glob("*.md"))


def marked_pages() -> list[Path]:
    """Every page whose figures are held."""
    return [ROOT / "README.md", ROOT / "tests" / "README.md", *pages()]


def marks(text: str) -> list[tuple[str, str]]:
    """The names that a page marks, each with what stands there."""
    return [(found["name"], found["text"]) for found in MARK.finditer(text)]


def figures() -> dict[str, str]:
    """What has to stand at each name."""
    parts = (
        _of_the_network(),
        _of_the_test_list(),
        _of_other_lists(),
        _limits(),
        _tables(),
        paper_figures(),
        speed_figures(),
        robustness_figures(),
    )
    found: dict[str, str] = {}
    for part in parts:
        if twice := found.keys() & part.keys():
            raise ValueError(f"{sorted(twice)} are names of two figures; give one of each another name.")
        found |= part
    return found


def _of_the_network() -> dict[str, str]:
    card, params = read("model/weights/two_block/card.json"), ModelParams()
    n_frames, n_mels = params.input_shape
    audio, features = params.audio, params.features
    return {
        "sample rate": _thousands(audio.sample_rate_hz),
        "window seconds": f"{audio.window_seconds:g}",
        "window samples": _thousands(audio.window_samples),
        "frames": str(n_frames),
        "bands": str(n_mels),
        "frame samples": _thousands(features.n_fft),
        "frame ms": f"{1000 * features.n_fft / audio.sample_rate_hz:.0f}",
        "hop samples": _thousands(features.hop_length),
        "hop ms": f"{1000 * features.hop_length / audio.sample_rate_hz:.0f}",
        "floor db": _signed(features.floor_db),
        "live hop": f"{LIVE_HOP_SECONDS:g}",
        "batch hop": f"{BATCH_HOP_SECONDS:g}",
        "silence dbfs": _signed(SILENCE_DBFS),
        "change cost": f"{CHANGE_COST:g}",
        "parameters": _thousands(card["n_parameters"]),
        "temperature": f"{card['temperature']:.2f}",
        "largest spread": f"{card['largest_spread']:.2f}",
        "genres": str(len(card["genres"])),
        "genre names": ", ".join(card["genres"]),
        "training tracks": str(card["data"]["n_tracks"]),
        "other clips": _thousands(card["data"]["other_music_clips"]),
        "teachers": card["data"]["teachers"],
        **_shape_of_the_network(),
    }


def _shape_of_the_network() -> dict[str, str]:
    network = NetworkParams()
    return {
        "filters 1": str(network.filters[0]),
        "filters 2": str(network.filters[1]),
        "kernel 1": _by(network.kernel_1),
        "kernel 2": _by(network.kernel_2),
        "pool 1": _by(network.pool_1),
        "pool 2": _by(network.pool_2),
        "dense units": str(network.dense_units),
        "pooled numbers": str(2 * network.filters[1]),
        "neighbour bands": str(network.neighbour_contrast),
    }


def _of_the_test_list() -> dict[str, str]:
    report, card = (
        read("model/study/results/evaluation/two_block_test/report.json"),
        read("model/weights/two_block/card.json"),
    )
    figures, clean, unsure = report["figures"], report["artist_clean"], dict(card["figures"]["unsure"])
    low, high = figures["track_accuracy_interval_95"]
    by_recall = sorted(report["by_genre"], key=lambda row: row["recall"])
    worst, best = by_recall[:3], by_recall[-1]
    music = unsure.pop("music")
    missed = {kind: share for kind, share in unsure.items() if share < 0.9}
    (missed_kind, missed_share), *_ = sorted(missed.items(), key=lambda item: item[1])
    wrong, pair = _commonest_confusion(report)
    mistake = report["mistakes"][0]
    curve = {row["seconds"]: row["mean_log"] for row in report["listening"]}
    surest = report["reliability"]["windows"][-1]
    return {
        "test tracks": str(figures["n_tracks"]),
        "track accuracy": _percent(figures["track_accuracy"]),
        "track interval": f"{100 * low:.0f} to {100 * high:.0f} %",
        "window accuracy": _percent(figures["window_accuracy"]),
        "calibration error": f"{figures['expected_calibration_error']:.3f}",
        "clean tracks": str(clean["n_tracks"]),
        "clean accuracy": _percent(clean["track_accuracy"]),
        "accuracy after one window": _percent(curve[3.0]),
        "accuracy after 9 s": _percent(curve[9.0]),
        "accuracy after 30 s": _percent(curve[30.0]),
        "hardest genres": ", ".join(f"{row['genre']} ({100 * row['recall']:.0f} %)" for row in worst),
        "easiest genre": f"{best['genre']} ({100 * best['recall']:.0f} %)",
        "commonest confusion": pair,
        "commonest confusion count": wrong,
        "surest from": f"{surest['low']:.2f}",
        "surest accuracy": _percent(surest["accuracy"]),
        "surest windows": _thousands(surest["count"]),
        "worst mistake": f"`{mistake['track']}`",
        "worst mistake label": mistake["genre"],
        "worst mistake heard": f"{mistake['heard']}, {mistake['posterior_of_heard']:.2f}",
        "unsure of music": _percent(music, 0),
        "unsure kinds": str(len(unsure)),
        "missed kind": missed_kind,
        "missed share": _percent(missed_share, 0),
        "faults": "\n\n" + "\n".join(f"- {paragraph}" for paragraph in report["faults"]["paragraphs"]) + "\n\n",
    }


def _commonest_confusion(report: dict[str, Any]) -> tuple[str, str]:
    genres, counts = report["genres"], report["confusion"]["tracks"]
    count, true, heard = max(
        (count, genre, genres[column])
        for genre, row in zip(genres, counts, strict=True)
        for column, count in enumerate(row)
        if genres[column] != genre
    )
    return f"{count} of {sum(counts[genres.index(true)])}", f"{true} taken for {heard}"


def _of_other_lists() -> dict[str, str]:
    other = read("model/study/results/evaluation/two_block_other-music/report.json")["figures"]
    seeds, plain = (read(f"model/study/results/{name}.json") for name in ("seeds", "seeds_plain"))
    marked = read("model/study/results/evaluation/two_block_test/report.json")["explanations"]["hiding"]
    return {
        "other tracks": str(other["n_tracks"]),
        "other accuracy": _percent(other["track_accuracy"]),
        "seeds": str(len(seeds["seeds"])),
        "seeds accuracy": _mean_and_deviation(seeds),
        "plain accuracy": _mean_and_deviation(plain),
        "marked to random": f"{marked['marked_to_random']:.1f}",
        "even spread": f"{float(spread_of(np.array([1 / 3] * 3 + [0.0] * 7, np.float32))):.2f}",
    }


def _limits() -> dict[str, str]:
    settings = Settings()
    return {
        "limit upload": _thousands(int(settings.max_upload_mib)),
        "limit track": f"{settings.max_track_seconds / 3600:g} h",
        "limit visitor": _thousands(settings.visitor_requests),
        "limit address": _thousands(settings.address_requests),
        "limit live": str(settings.live_sessions),
        "limit live visitor": str(settings.live_visitor_sessions),
        "limit live time": f"{settings.live_seconds / 3600:g} h",
        "limit uploads": str(settings.max_uploads),
        "limit hours": f"{settings.upload_hours:g}",
    }


def _tables() -> dict[str, str]:
    contract = read("tests/golden/openapi.json")
    rows = [
        f"| `{method.upper()} {path}` | {operation['summary'].rstrip('.')} |"
        for path, methods in contract["paths"].items()
        for method, operation in methods.items()
    ]
    kinds = sorted({(kind.status, kind.slug, kind.title) for kind in KINDS.values()})
    problems = [f"| {status} | `{slug}` | {title} |" for status, slug, title in kinds]
    return {
        **{f"example {name}": _code(DOCS / "examples" / name, language) for name, language in EXAMPLES.items()},
        "endpoints": table("| address | what |", rows),
        "problems": table("| status | `type`: `/api/problems/` ... | title |", problems),
    }


def _code(path: Path, language: str) -> str:
    return f"\n\n```{language}\n{path.read_text(encoding='utf-8')}```\n\n"


def _mean_and_deviation(result: dict[str, Any]) -> str:
    mean, deviation = (100 * result[kind]["track_accuracy"] for kind in ("mean", "deviation"))
    return f"{mean:.1f} ± {deviation:.1f} %"


def _percent(share: float, digits: int = 1) -> str:
    return f"{100 * share:.{digits}f} %"


def _thousands(number: int) -> str:
    return f"{number:,}"


def _signed(number: float) -> str:
    return f"-{-number:g}" if number < 0 else f"{number:g}"


def _by(size: tuple[int, int]) -> str:
    return f"{size[0]} x {size[1]}"


def main() -> None:
    """Write every marked figure anew."""
    current = figures()
    for page in marked_pages():
        text = page.read_text(encoding="utf-8")
        written = MARK.sub(lambda found: f"<!--={found['name']}-->{current[found['name']]}<!--/-->", text)
        if written != text:
            page.write_text(written, encoding="utf-8")


if __name__ == "__main__":
    main()
