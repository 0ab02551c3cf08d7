"""The table of recipes: one JSON file that grows run by run, and the Markdown made of it.

A run belongs to a recipe, a protocol and a seed, and replaces an earlier run of the same three; everything else in the
file stays. So recipes can be run one at a time, and a command that is cut off loses the run it was at.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import fmean, stdev
from typing import Any, Final

from model.errors import DatasetError
from model.study.recipes.about import About
from model.study.recipes.worth import worth

TABLE_NAME: Final = "table.json"
PAGE_NAME: Final = "table.md"
_NONE: Final = "–"

Table = dict[str, Any]


def read_table(folder: Path) -> Table:
    """Read the table of a folder.

    Parameters
    ----------
    folder : Path
        Where it lies.

    Returns
    -------
    dict
        ``{"recipes": {}}`` where there is none yet.

    Raises
    ------
    DatasetError
        If there is a file that is no such table.
    """
    path = folder / TABLE_NAME
    if not path.exists():
        return {"recipes": {}}
    try:
        table: Table = json.loads(path.read_text(encoding="utf-8"))
        table["recipes"].items()
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DatasetError(f"{path} is no table of recipes ({error!r}); name another folder with --out.") from error
    return table


def add_run(table: Table, about: About, protocol: str, run: Mapping[str, Any]) -> Table:
    """Add a run, in place of an earlier one of the same recipe, protocol and seed, or of an earlier release.

    Parameters
    ----------
    table : dict
        From `read_table`; left as it is.
    about : About
        The recipe; what the table says of it is renewed.
    protocol : {"honest", "leaking"}
        How it was measured.
    run : mapping
        Its figures; needs ``seed``. One of a ``checkpoint`` takes the place of any other checkpoint's.

    Returns
    -------
    dict
        The table with the run.
    """
    row = table["recipes"].get(about.name, {})
    kept = [
        other
        for other in row.get(protocol, [])
        if other["seed"] != run["seed"] and not ("checkpoint" in run and "checkpoint" in other)
    ]
    runs = sorted([*kept, dict(run)], key=lambda one: (one["seed"] is None, one["seed"]))
    return {**table, "recipes": {**table["recipes"], about.name: {**row, **_described(about), protocol: runs}}}


def write_table(folder: Path, table: Table, order: Sequence[str]) -> None:
    """Write the table as JSON and as Markdown; a reader never sees half a file.

    Parameters
    ----------
    folder : Path
        Where to; made if missing.
    table : dict
        The table.
    order : sequence of str
        Names of the recipes in the order of the rows; others follow.
    """
    folder.mkdir(parents=True, exist_ok=True)
    names = [name for name in order if name in table["recipes"]]
    names += [name for name in table["recipes"] if name not in order]
    ordered = {**table, "recipes": {name: table["recipes"][name] for name in names}}
    _replace(folder / TABLE_NAME, json.dumps(ordered, ensure_ascii=False, indent=1) + "\n")
    _replace(folder / PAGE_NAME, to_markdown(ordered))


def to_markdown(table: Table) -> str:
    """Write the table for people.

    Parameters
    ----------
    table : dict
        The table.

    Returns
    -------
    str
        Markdown.
    """
    recipes = table["recipes"].values()
    most_tracks = max((run["test"]["n_tracks"] for row in recipes for run in row.get("honest", [])), default=0)
    lines = [
        "# The older systems, retrained",
        "",
        "*Leaks*: windows of all tracks divided 80/10/10 by chance, so that windows of one track lie on both sides; "
        "mean and deviation over divisions of the share of test windows classified correctly (of tracks, if a recipe "
        "takes the whole clip at once). *Honest*: learnt from the published fault-filtered train list, stopped on "
        "valid (a checkpoint may have learnt from both; its run says so), reported on test; tracks are decided by the "
        "product of their windows' posteriors; mean and deviation over seeds, and their number where it is more than "
        "one. Nothing was chosen on test: the settings are those of the sources. Windows per second are the network's "
        "alone, in batches, on two cores that other jobs shared.",
        "",
        "| recipe | window | claimed | leaks | honest, tracks | windows | valid, tracks | parameters | windows/s |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
        *(_row(row, most_tracks) for row in recipes),
        "",
        "What each claim is worth when artists are kept apart:",
        "",
        *(f"- **{row['title']}**: {worth(row)}" for row in recipes),
        "",
    ]
    for row in recipes:
        claim = row["claimed"]
        said = f"Claimed: {_percent(claim['accuracy'])}, {claim['measured_on']}." if claim["accuracy"] else "No claim."
        lines += [f"## {row['title']}", "", f"`{row['name']}`. Source: {row['source']}. {said}", ""]
        lines += [f"- {deviation}" for deviation in row["deviations"]]
        lines += ["", *_runs(row), ""]
    return "\n".join(lines)


def _described(about: About) -> dict[str, Any]:
    return {
        "name": about.name,
        "title": about.title,
        "source": about.source,
        "claimed": {
            "accuracy": about.claim.accuracy,
            "measured_on": about.claim.measured_on,
            "on_gtzan": about.claim.on_gtzan,
        },
        "window_seconds": about.window_seconds,
        "windows_per_track": about.windows_per_track,
        "deviations": list(about.deviations),
    }


def _row(row: Mapping[str, Any], most_tracks: int) -> str:
    honest, leaking = row.get("honest", []), row.get("leaking", [])
    runs = [*honest, *leaking]
    per_track = row["windows_per_track"] == 1
    cells = [
        row["title"] + (" (quick)" if any(run.get("quick") for run in runs) else ""),
        f"{row['window_seconds']:g} s",
        _percent(row["claimed"]["accuracy"]),
        _mean_and_deviation(leaking, lambda run: run["accuracy"]) + (" of tracks" if per_track and leaking else ""),
        _mean_and_deviation(honest, lambda run: run["test"]["track_accuracy"]) + _of_few(honest, most_tracks),
        _NONE if per_track else _mean_and_deviation(honest, lambda run: run["test"]["window_accuracy"]),
        _mean_and_deviation([run for run in honest if run.get("valid")], lambda run: run["valid"]["track_accuracy"]),
        f"{runs[0]['n_parameters']:,}" if runs else _NONE,
        _speed(runs),
    ]
    return f"| {' | '.join(cells)} |"


def _speed(runs: Sequence[Mapping[str, Any]]) -> str:
    """Give the highest speed on the processor, with which those of a GPU do not compare."""
    speeds = [run["windows_per_second"] for run in runs if "computed_on" not in run]
    return f"{max(speeds):,.0f}" if speeds else _NONE


def _of_few(honest: Sequence[Mapping[str, Any]], most_tracks: int) -> str:
    """Say of how many tracks a metric is, where other rows have more."""
    n_tracks = max((run["test"]["n_tracks"] for run in honest), default=most_tracks)
    return f" of {n_tracks} tracks" if n_tracks < most_tracks else ""


def _mean_and_deviation(runs: Sequence[Mapping[str, Any]], value: Callable[[Mapping[str, Any]], float]) -> str:
    """Give the mean, and the deviation and number of runs where there is more than one."""
    if not runs:
        return _NONE
    values = [value(run) for run in runs]
    if len(values) == 1:
        return _percent(values[0])
    return f"{100 * fmean(values):.1f} ± {100 * stdev(values):.1f} % ({len(values)})"


def _runs(row: Mapping[str, Any]) -> list[str]:
    lines = []
    for protocol in ("honest", "leaking"):
        for run in row.get(protocol, []):
            if protocol == "honest":
                test, valid = run["test"], run.get("valid")
                figures = f"{_percent(test['track_accuracy'])} of {test['n_tracks']} test tracks, "
                figures += f"{_percent(test['window_accuracy'])} of {test['n_windows']} windows"
                figures += f"; valid {_percent(valid['track_accuracy'])} of tracks" if valid else ""
                if served := run.get("checkpoint"):
                    figures += f"; the checkpoint {served['name']} {served['version']} ({served['hash']}), "
                    figures += f"which learnt from {run['learnt_from']}"
            else:
                figures = f"{_percent(run['accuracy'])} of {run['n_test']} {run['unit']} (leaks: "
                figures += f"{_percent(run['heard'])} of them from tracks in train)"
            where = f" on {run['computed_on']}" if "computed_on" in run else ""
            seconds = f"{run['seconds']:.0f} s{where}"
            lines.append(f"- {protocol}, seed {run['seed']}: {figures}; `{run['command']}`, {seconds}")
    return lines


def _percent(share: float | None) -> str:
    return _NONE if share is None else f"{100 * share:.1f} %"


def _replace(path: Path, text: str) -> None:
    beside = path.with_suffix(path.suffix + ".part")
    beside.write_text(text, encoding="utf-8")
    beside.replace(path)
