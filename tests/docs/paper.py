"""A million tracks on a hundred workers, on paper: what ``python -m model.scan.bench`` measured, multiplied.

Processor seconds of a track are those that a scan of two workers spends beyond its start and end, the client's and the
scheduler's share included; seconds of other work on the same machine do not count in them.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from model.scan.bench import RESULT

N_TRACKS = 1_000_000
N_WORKERS = 100
TRACK_SECONDS = 30.0  # of the tracks measured
SONG_SECONDS = 240.0  # of a whole song, for which decoding and scoring take as many times longer
KBIT_PER_SECOND = 128
GIGABIT_MB_PER_SECOND = 125.0
PRICE_OF_A_CORE_HOUR = 0.04  # an assumption, in the currency one pays in; the page says so


def paper_figures(result: Path = RESULT) -> dict[str, str]:
    """What has to stand in the page on scans, by name."""
    bench = json.loads(result.read_text(encoding="utf-8"))
    spent = bench["scan_two_workers"]["processor_seconds"] - bench["start_and_end_of_a_scan"]["processor_seconds"]
    cost_seconds = spent / bench["n_tracks"]
    lengths = (TRACK_SECONDS, SONG_SECONDS)
    hours = {seconds: N_TRACKS * cost_seconds * seconds / TRACK_SECONDS / 3600 for seconds in lengths}
    megabytes = {seconds: KBIT_PER_SECOND * seconds / 8000 for seconds in lengths}
    needed_mb = N_WORKERS * megabytes[TRACK_SECONDS] / cost_seconds
    figures = {
        "paper command": f"`{bench['command']}`",
        "paper load": f"{bench['load_average_before']:g}",
        "paper measured tracks": str(bench["n_tracks"]),
        "paper cost": f"{cost_seconds:.2f}",
        "paper needed rate": f"{needed_mb:.0f}",
        "paper workers of a gigabit": f"{GIGABIT_MB_PER_SECOND / needed_mb * N_WORKERS:.0f}",
        "paper bound": "reading" if needed_mb > GIGABIT_MB_PER_SECOND else "the workers",
        "paper tracks a second": f"{N_WORKERS / cost_seconds:.0f}",
        "paper price": f"{PRICE_OF_A_CORE_HOUR:g}",
        **_scan_figures(bench),
    }
    for name, seconds in (("clip", TRACK_SECONDS), ("song", SONG_SECONDS)):
        total_gb = N_TRACKS * megabytes[seconds] / 1000
        figures |= {
            f"paper {name} megabytes": f"{megabytes[seconds]:.2f}",
            f"paper {name} gigabytes": f"{total_gb:,.0f}",
            f"paper {name} core hours": f"{hours[seconds]:,.0f}",
            f"paper {name} hours": f"{hours[seconds] / N_WORKERS:.1f}",
            f"paper {name} gigabit hours": f"{total_gb * 1000 / GIGABIT_MB_PER_SECOND / 3600:.1f}",
            f"paper {name} price": f"{hours[seconds] * PRICE_OF_A_CORE_HOUR:,.0f}",
        }
    return figures


def _scan_figures(bench: dict[str, Any]) -> dict[str, str]:
    """What a scan cost on two cores."""
    rates = (bench[name]["tracks_per_second"] for name in ("plain_loop", "scan_one_worker", "scan_two_workers"))
    over = bench["overhead_over_the_plain_loop"]
    return {
        "scan rates": "; ".join(f"{rate:.2f}" for rate in rates),
        "scan tracks": f"{bench['n_tracks']:,}",
        "scan rate": f"{bench['scan_two_workers']['tracks_per_second']:.1f}; {100 * over['seconds']:+.0f} %",
        "scan ratio": f"{bench['two_workers_to_one']:.2f} times",
        "scan overhead": f"{100 * over['seconds']:+.0f} %; {100 * over['processor_seconds']:+.0f} %",
        "scan start": f"{bench['start_and_end_of_a_scan']['seconds']:.1f} s",
        "scan again": f"{bench['all_done_before']['seconds']:.1f} s",
        "scan names": f"{bench['names_listed']:,}",
        "scan memory": f"{bench['client_peak_mib']:.0f} MiB",
    }
