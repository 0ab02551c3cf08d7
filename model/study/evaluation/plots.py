"""The report's pictures, drawn with matplotlib from the report's own numbers; no display is needed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from model.study.evaluation.report import ROC_POINTS

if TYPE_CHECKING:
    from matplotlib.figure import Figure

INK: Final = "#17191c"
MUTED: Final = "#5a5f66"
LINE: Final = "#e2e2df"
ACCENT: Final = "#0b7a55"
SECOND: Final = "#b3541e"
THIRD: Final = "#3f6fb5"
_STYLE: Final[Any] = {
    "axes.edgecolor": MUTED,
    "axes.labelcolor": INK,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 12,
    "axes.titleweight": "bold",
    "font.size": 10,
    "grid.color": LINE,
    "legend.frameon": False,
    "text.color": INK,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
}


def draw_all(report: dict[str, Any], folder: Path) -> list[str]:
    """Draw every picture that needs nothing but the report.

    Parameters
    ----------
    report : dict
        From `model.study.evaluation.report.evaluate`.
    folder : Path
        Where the PNG files go.

    Returns
    -------
    list of str
        Their names, in the order of the page.
    """
    drawings = {
        "confusion.png": confusion,
        "genres.png": genres,
        "roc.png": roc_curves,
        "reliability.png": reliability,
        "listening.png": listening,
        "summaries.png": summaries,
    }
    if "explanations" in report:
        drawings["explanations.png"] = explanations
    for name, draw in drawings.items():
        draw(report, folder / name)
    return list(drawings)


def confusion(report: dict[str, Any], path: Path) -> None:
    """Draw the confusion matrix of the tracks: share of each true genre's tracks (rows sum to 1), and counts."""
    names = report["genres"]
    counts = np.array(report["confusion"]["tracks"])
    totals = counts.sum(axis=1, keepdims=True)
    shares = np.divide(counts, totals, out=np.zeros(counts.shape), where=totals > 0)
    with new_figure(path, (7.6, 7.0)) as figure:
        axes = figure.subplots()
        axes.imshow(shares, cmap="Greens", vmin=0, vmax=1.15)
        for row, column in np.argwhere(counts > 0):
            axes.text(
                column,
                row,
                f"{shares[row, column]:.2f}\n{counts[row, column]}",
                ha="center",
                va="center",
                fontsize=9,
                fontweight="bold" if row == column else "normal",
                color="white" if shares[row, column] > 0.6 else INK,
            )
        labels = [f"{name} ({total})" for name, total in zip(names, totals[:, 0], strict=True)]
        axes.set_xticks(range(len(names)), names, rotation=40, ha="right", rotation_mode="anchor")
        axes.set_yticks(range(len(names)), labels)
        axes.set(xlabel="classified as", ylabel="true genre (tracks)")
        axes.tick_params(length=0)
        axes.set_xticks(np.arange(len(names) - 1) + 0.5, minor=True)
        axes.set_yticks(np.arange(len(names) - 1) + 0.5, minor=True)
        axes.grid(which="minor", color="white", linewidth=2)
        axes.tick_params(which="minor", length=0)
        axes.spines[:].set_visible(False)
        axes.set_title("Tracks: share of the true genre, and count")


def genres(report: dict[str, Any], path: Path) -> None:
    """Draw precision, recall and F1 of each genre, best F1 first."""
    rows = sorted(report["by_genre"], key=lambda row: row["f1"] or 0.0)
    with new_figure(path, (7.6, 5.0)) as figure:
        axes = figure.subplots()
        places = np.arange(len(rows))
        for place, row in zip(places, rows, strict=True):
            ends = [row[name] for name in ("precision", "recall") if row[name] is not None]
            if len(ends) == 2:
                axes.plot(ends, [place, place], color=LINE, linewidth=4, zorder=1)
        marks = (("precision", THIRD, "s"), ("recall", SECOND, "D"), ("f1", ACCENT, "o"))
        for name, colour, marker in marks:
            values = [np.nan if row[name] is None else row[name] for row in rows]
            label = "F1" if name == "f1" else name
            axes.scatter(
                values, places, s=64 if name == "f1" else 34, color=colour, marker=marker, label=label, zorder=2
            )
        axes.set_yticks(places, [f"{row['genre']} ({row['support']})" for row in rows])
        axes.set(xlim=(0, 1.02), xlabel="share (tracks)")
        axes.grid(axis="x")
        axes.tick_params(axis="y", length=0)
        figure.legend(loc="outside lower center", ncols=3)
        axes.set_title("Precision, recall and F1 of each genre")


def roc_curves(report: dict[str, Any], path: Path) -> None:
    """Draw each genre's ROC curve against the rest, of windows and of tracks, with the areas."""
    rows = report["by_genre"]
    n_columns = min(5, len(rows))
    n_rows = -(-len(rows) // n_columns)
    with new_figure(path, (2.1 * n_columns + 0.6, 2.35 * n_rows + 0.7)) as figure:
        grid = figure.subplots(n_rows, n_columns, sharex=True, sharey=True, squeeze=False).ravel()
        for axes, row in zip(grid, rows, strict=False):
            axes.plot([0, 1], [0, 1], color=MUTED, linewidth=0.8, linestyle=":")
            axes.set_title(row["genre"], fontsize=10)
            axes.set(xlim=(-0.02, 1), ylim=(0, 1.02), xticks=(0, 0.5, 1), yticks=(0, 0.5, 1))
            if row["roc"] is None:
                axes.text(0.5, 0.5, "no tracks", ha="center", color=MUTED)
                continue
            axes.plot(ROC_POINTS, row["roc"]["window_true_share"], color=THIRD, linewidth=1.4, label="windows")
            axes.plot(ROC_POINTS, row["roc"]["track_true_share"], color=ACCENT, linewidth=1.8, label="tracks")
            areas = ((0.2, "tracks", "track_area", ACCENT), (0.06, "windows", "window_area", THIRD))
            for height, name, key, colour in areas:
                axes.text(0.98, height, f"{name} {row['roc'][key]:.3f}", ha="right", color=colour, fontsize=9)
        for axes in grid[len(rows) :]:
            axes.set_visible(False)
        figure.supxlabel("share of other genres taken for it", fontsize=10)
        figure.supylabel("share found", fontsize=10)
        figure.suptitle("ROC of each genre against the rest, and the area below", fontsize=12, fontweight="bold")


def reliability(report: dict[str, Any], path: Path) -> None:
    """Draw accuracy against confidence, with the number of windows or tracks in each bin below."""
    figures = report["figures"]
    panels = (
        ("windows", "Windows", figures["expected_calibration_error"]),
        ("tracks", "Tracks", figures["track_expected_calibration_error"]),
    )
    with new_figure(path, (9.0, 4.8)) as figure:
        grid = figure.subplots(2, 2, sharex=True, gridspec_kw={"height_ratios": (4, 1)})
        for (upper, lower), (key, title, error) in zip(grid.T, panels, strict=True):
            bins = report["reliability"][key]
            left = [row["low"] for row in bins]
            width = [row["high"] - row["low"] for row in bins]
            upper.bar(left, [row["accuracy"] for row in bins], width, align="edge", color=ACCENT, edgecolor="white")
            confidence = [row["confidence"] for row in bins]
            upper.plot(confidence, confidence, color=INK, marker="o", markersize=4, linewidth=1.2, linestyle=":")
            upper.set(ylim=(0, 1.02), xlim=(0, 1.0))
            upper.set_title(f"{title}: calibration error {error:.3f}")
            lower.bar(left, [row["count"] for row in bins], width, align="edge", color=LINE, edgecolor="white")
            lower.set(xlabel="confidence (largest posterior)")
        grid[0, 0].set_ylabel("share right (bars)\nconfidence (dots)")
        grid[1, 0].set_ylabel("count")


def listening(report: dict[str, Any], path: Path) -> None:
    """Draw accuracy against listening time for each way of summing up."""
    rows = report["listening"]
    seconds = [row["seconds"] for row in rows]
    titles = {row["name"]: row["title"] for row in report["summaries"]}
    colours = (ACCENT, THIRD, SECOND, "#832db6", MUTED)
    with new_figure(path, (7.6, 4.4)) as figure:
        axes = figure.subplots()
        for number, (name, title) in enumerate(titles.items()):
            thick = 2.4 if number == 0 else 1.2
            (line,) = axes.plot(seconds, [row[name] for row in rows], marker="o", markersize=3 + thick, label=title)
            line.set(color=colours[number % len(colours)], linewidth=thick, zorder=10 - number)
        axes.set(xlabel="seconds heard", ylabel="share of decisions right", xticks=seconds)
        axes.grid(axis="y")
        axes.legend(loc="lower right", fontsize=9)
        axes.set_title("Accuracy against listening time")


def summaries(report: dict[str, Any], path: Path) -> None:
    """Draw accuracy, calibration error and log loss of each way of summing a track up."""
    rows = report["summaries"][::-1]
    panels = (
        ("track_accuracy", "tracks right (high is good)", 3),
        ("expected_calibration_error", "calibration error (low is good)", 3),
        ("log_loss", "log loss (low is good)", 2),
    )
    with new_figure(path, (11.0, 3.4)) as figure:
        grid = figure.subplots(1, 3, sharey=True)
        for axes, (key, title, digits) in zip(grid, panels, strict=True):
            values = [row[key] for row in rows]
            colours = [ACCENT if row["name"] == "mean_log" else "#a9b8b1" for row in rows]
            bars = axes.barh(range(len(rows)), values, color=colours, height=0.66)
            axes.bar_label(bars, fmt=f"%.{digits}f", padding=3, fontsize=9)
            axes.set_title(title, fontsize=10)
            axes.set_xlim(0, max(values) * 1.25 + 1e-9)
            axes.locator_params(axis="x", nbins=5)
            axes.tick_params(axis="y", length=0)
        grid[0].set_yticks(
            range(len(rows)), [row["title"].replace(" (", "\n(").replace(", last", ",\nlast") for row in rows]
        )


def explanations(report: dict[str, Any], path: Path) -> None:
    """Draw what hiding and showing more and more of the windows does to the leading genre's log-odds."""
    curves = report["explanations"]["curves"]
    percent = [100 * share for share in curves["shares"]]
    looks = {"marked": ("what speaks for the genre", ACCENT), "loudest": ("the loudest", SECOND),
             "random": ("at random", MUTED)}  # fmt: skip
    with new_figure(path, (9.6, 3.8)) as figure:
        panels = zip(figure.subplots(1, 2, sharey=True), ("deletion", "insertion"), ("hidden", "shown"), strict=True)
        for axes, kind, verb in panels:
            for order, (title, colour) in looks.items():
                axes.plot(percent, curves[kind][order], marker="o", markersize=4, color=colour, label=f"{title} first")
            axes.set(xlabel=f"% of the cells {verb}", title=kind.capitalize())
            axes.grid(axis="y")
        figure.axes[0].set_ylabel("log-odds of the leading genre")
        figure.axes[0].legend(loc="upper right", fontsize=9)


@contextmanager
def new_figure(path: Path, size: tuple[float, float]) -> Iterator[Figure]:
    """Give an empty figure of the report's looks, and write it as PNG when it is done.

    Parameters
    ----------
    path : Path
        The PNG to write.
    size : tuple of float
        Width and height in inches.

    Yields
    ------
    Figure
        To draw on.
    """
    import matplotlib as mpl
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=size, dpi=120, layout="constrained")
        FigureCanvasAgg(figure)
        yield figure
        figure.savefig(path, pil_kwargs={"optimize": True})
