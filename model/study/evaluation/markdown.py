"""The report as a page of Markdown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

_CAPTIONS: Final = {
    "confusion.png": "Confusion matrix of the tracks; each row sums to 1, counts below the shares",
    "genres.png": "Precision, recall and F1 of each genre, by track",
    "roc.png": "ROC of each genre against the rest, by window and by track, with the area below the curve",
    "reliability.png": "Reliability diagram: where bars end at the dots, confidence equals accuracy",
    "listening.png": "Accuracy against listening time, over every run of windows of that length",
    "summaries.png": "Ways of combining the windows of a track",
    "explanations.png": "Log-odds of the leading genre while more and more cells are hidden (each at its band's mean "
    "over the window), or shown in a window that is hidden",
    "network.png": "The network, drawn from its own file: what each stage gives for one window",
    "history.png": "Learning curves: loss and accuracy over the epochs; where the network learnt from train and valid "
    "together, those of its twin, which learnt from train alone",
}


def to_markdown(report: dict[str, Any], pictures: Sequence[str]) -> str:
    """Write the page.

    Parameters
    ----------
    report : dict
        From `model.study.evaluation.report.evaluate`, with its ``command``.
    pictures : sequence of str
        Names of the pictures beside the page.

    Returns
    -------
    str
        Markdown.
    """
    model, split = report["model"], report["split"]
    lines = [
        f"# {model['name']} {model['version']} on the {split['title']}",
        "",
        f"Weights {model['hash']}, {model['n_parameters']:,} parameters, trained on: {model['trained_on']}. "
        f"{split['n_tracks']} tracks of 30 s, {split['windows_per_track']} windows of "
        f"{split['window_seconds']:g} s each, scored with the LiteRT network from the stored log-mel. "
        f"`{report['command']}`",
        "",
    ]
    if split["seen_in_training"]:
        lines += [
            "**The network was fitted on these tracks too: the metrics say nothing about unseen music.**",
            "",
        ]
    if "note" in report:
        lines += [report["note"], ""]
    lines += ["## Metrics", "", *_figures_table(report), "", *_genre_table(report), ""]
    for name in pictures:
        lines += [f"![{_CAPTIONS[name]}]({name})", "", f"*{_CAPTIONS[name]}.*", ""]
    lines += ["## Combining the windows of a track", "", *_summary_table(report), "", _summary_reading(report), ""]
    if "explanations" in report:
        lines += ["## Do the explanations hold?", "", *_hiding_table(report["explanations"]["hiding"]), ""]
    lines += ["## Most confident mistakes", "", *_mistake_table(report), ""]
    if "faults" in report:
        lines += ["## What is wrong with GTZAN", ""]
        lines += [f"- {fault}" for fault in report["faults"]["paragraphs"]]
        lines += ["", "Sources:", "", *(f"- {source}" for source in report["faults"]["sources"]), ""]
    return "\n".join(lines)


def _figures_table(report: dict[str, Any]) -> list[str]:
    columns = {report["split"]["title"]: report["figures"]}
    if "artist_clean" in report:
        columns["of these, artists in neither train nor valid"] = report["artist_clean"]
    rows = [
        "| | " + " | ".join(f"{name} ({values['n_tracks']})" for name, values in columns.items()) + " |",
        "| --- |" + " ---: |" * len(columns),
    ]

    def row(title: str, cells: Sequence[str]) -> None:
        rows.append(f"| {title} | {' | '.join(cells)} |")

    values = list(columns.values())
    row("tracks classified correctly", [_percent(value["track_accuracy"]) for value in values])
    intervals = [value["track_accuracy_interval_95"] for value in values]
    row(
        "... 95 % interval (bootstrap over tracks)", [f"{_percent(low)} to {_percent(high)}" for low, high in intervals]
    )
    row("windows classified correctly", [_percent(value["window_accuracy"]) for value in values])
    row("calibration error of windows", [f"{value['expected_calibration_error']:.3f}" for value in values])
    row("calibration error of tracks", [f"{value['track_expected_calibration_error']:.3f}" for value in values])
    row("log loss of windows", [f"{value['window_log_loss']:.3f}" for value in values])
    return rows


def _genre_table(report: dict[str, Any]) -> list[str]:
    rows = [
        "| genre | tracks | precision | recall | F1 | ROC area, windows | ROC area, tracks |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for row in report["by_genre"]:
        areas = row["roc"] or {"window_area": None, "track_area": None}
        values = (row["precision"], row["recall"], row["f1"], areas["window_area"], areas["track_area"])
        cells = " | ".join("n/a" if value is None else f"{value:.2f}" for value in values[:3])
        cells += " | " + " | ".join("n/a" if value is None else f"{value:.3f}" for value in values[3:])
        rows.append(f"| {row['genre']} | {row['support']} | {cells} |")
    return rows


def _summary_table(report: dict[str, Any]) -> list[str]:
    rows = ["| summary | tracks classified correctly | calibration error | log loss |", "| --- | ---: | ---: | ---: |"]
    rows += [
        f"| {row['title']} | {_percent(row['track_accuracy'])} | {row['expected_calibration_error']:.3f} | "
        f"{row['log_loss']:.3f} |"
        for row in report["summaries"]
    ]
    return rows


def _summary_reading(report: dict[str, Any]) -> str:
    rows = report["summaries"]
    shown = next(row for row in rows if row["name"] == "mean_log")
    best = max(rows, key=lambda row: row["track_accuracy"])
    n_tracks = report["split"]["n_tracks"]
    behind = round((best["track_accuracy"] - shown["track_accuracy"]) * n_tracks)
    least_loss = min(rows, key=lambda row: row["log_loss"])
    accuracy = (
        "No other way is right on more tracks"
        if behind <= 0
        else f"The {best['title']} is right on {behind} more of {n_tracks} tracks, far less than the interval above"
    )
    loss = (
        "and none has a lower log loss"
        if least_loss is shown
        else f"and the {least_loss['title']} has the lowest log loss"
    )
    return f"The page shows the mean of the log posteriors. {accuracy}, {loss}."


def _hiding_table(hiding: dict[str, Any]) -> list[str]:
    what = {
        "marked": "that the explanation marks as speaking for the genre",
        "random": "drawn at random",
        "moved": "of the marked cells' shape, somewhere else",
        "loudest": "that are loudest",
        "against": "that the explanation marks as speaking against it",
    }
    return [
        f"A tenth of each window's cells is hidden, over {hiding['n_windows']} windows of the validation list: each "
        "cell is put at its own band's mean over the window, as if nothing had happened there. The marked tenth counts "
        f"{hiding['marked_to_random']:.1f} times as much as a random one and {hiding['marked_to_loudest']:.1f} times "
        f"as much as the loudest; it counts for more than the loudest in {_percent(hiding['more_than_loudest'])} of "
        "the windows.",
        "",
        "| the tenth of the cells ... | log-odds of the leading genre fall by |",
        "| --- | ---: |",
        *(f"| {words} | {hiding['fall'][name]:.2f} |" for name, words in what.items()),
    ]


def _mistake_table(report: dict[str, Any]) -> list[str]:
    if not report["mistakes"]:
        return ["None: every track was classified correctly."]
    rows = ["| track | genre | classified as | posterior of both |", "| --- | --- | --- | ---: |"]
    for row in report["mistakes"]:
        posteriors = f"{row['posterior_of_genre']:.2f} / {row['posterior_of_heard']:.2f}"
        rows.append(f"| {row['track']} | {row['genre']} | {row['heard']} | {posteriors} |")
    return rows


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
