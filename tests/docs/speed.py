"""The figures of speed in the README, from the files that the benchmarks write."""

from __future__ import annotations

from typing import Any

from tests.docs.parts import read, table

FILES = {
    "model": "model/study/results/bench.json",
    "page": "tests/browser/bench.json",
    "service": "dashboard/bench.json",
    "fresh": "tests/fresh.json",
    "live": "tests/browser/live_bench.json",
    "hall": "tests/load/live.json",
    "visitors": "tests/load/load.json",
    "soak": "tests/load/soak.json",
    "peer": "model/study/results/bench_peer.json",
}


def speed_figures() -> dict[str, str]:
    """What has to stand in the README, by name."""
    measured = {name: read(path) for name, path in FILES.items()}
    return {
        **_of_the_model(measured["model"]),
        **_of_the_page(measured["page"]),
        **_of_the_service(measured["service"], measured["fresh"]),
        **_of_live_sound(measured["live"], measured["hall"]),
        "load command": f"`{measured['visitors']['command']}`",
        **_of_the_soak(measured["soak"]),
        "load": _table_of_visitors(measured["visitors"]),
        "visitors held": "; ".join(str(most or "none") for most in measured["visitors"]["knee_visitors"].values()),
        "peer": " / ".join(f"{each['times_faster']:.0f}" for each in measured["peer"]["music"].values()) + " times",
    }


def _of_the_model(bench: dict[str, Any]) -> dict[str, str]:
    floor, hour, warm = bench["floor"], bench["an_hour_of_mp3"], bench["warm_seconds"]
    window, slower = floor["one_window_seconds"], bench["times_faster_than_the_plain_way"]
    whole = bench["classify_30_s_whole_process_seconds"]
    return {
        "matrix product": f"{floor['matrix_product_gflops']:.0f} GFLOP/s",
        "classify 30 s": " / ".join(f"{whole[form]:.2f}" for form in ("WAV", "MP3", "M4A")) + " s",
        "warm": f"{warm['30']:.2f} / {warm['180']:.2f} s",
        "plain way": f"{slower['30']:.0f} / {slower['180']:.0f} times",
        "an hour": f"{hour['seconds']:.1f} s; {hour['first_score_seconds']:.2f} s; {hour['memory_mib']:+.0f} MiB",
        "one window": f"{_ms(window['p50'])}; {_ms(window['p95'])}",
        "network": f"{_ms(window['of_it_network'])}, {_percent(floor['network_share_of_matrix_product'])} of the "
        f"matrix product's speed; {_ms(window['network_in_8_bit'])}",
        "explanation": _ms(bench["explanation_of_a_window_beyond_its_score_seconds"]),
    }


def _of_the_page(bench: dict[str, Any]) -> dict[str, str]:
    loads = (
        bench["main_thread_processor_load"],
        bench["hour"]["main_thread_processor_load"],
        bench["processor_load_with_reasons_and_words"],
    )
    frames = min(bench["frames_per_second"], bench["hour"]["frames_per_second"], bench["frames_with_reasons_and_words"])
    return {
        "bars": f"{bench['latency_p95_ms']:.0f} ms; {bench['requests_while_playing']}",
        "main thread": "; ".join(map(_percent, loads)),
        "frames a second": f"{frames:.0f}",
        "first bytes": f"{bench['first_bytes'] / 1e6:.2f} MB in {bench['first_requests']} requests",
        "ready": f"{bench['largest_paint_seconds']:.1f} s; {bench['first_ready_seconds']:.1f} s",
        "timeline": f"{bench['timeline_180s_seconds']:.1f} s",
        "knob": f"{bench['knob_to_bars_p50_ms'] / 1000:.2f} s; {bench['knob_to_bars_p95_ms'] / 1000:.2f} s",
    }


def _of_the_service(bench: dict[str, Any], fresh: dict[str, Any]) -> dict[str, str]:
    long = bench["long"]
    return {
        "start": f"{bench['start_seconds']['median']:.1f} s; {bench['resident_mib']['page']:.0f} MiB",
        "an hour on the page": f"{long['whole_seconds']:.1f} s; {long['grown_mib']:+.0f} MiB",
        "fresh": f"{fresh['seconds']:.0f} s; {fresh['installed_mb']:.0f} MB",
    }


def _of_live_sound(live: dict[str, Any], hall: dict[str, Any]) -> dict[str, str]:
    return {
        "live": f"{live['first_score_ms'] / 1000:.1f} s; {live['lag_p95_ms']:.0f} ms",
        "microphone": f"{live['minutes']:g} minutes",
        "microphone drift": f"{live['drift_ms']:.2f} ms; {live['largest_backlog_seconds']:.1f} s; "
        f"{live['page_heap_grown_mib']:+.1f} and {live['server_grown_mib']:+.1f} MiB",
        "radio": f"{live['radio_sound_seconds']:.1f} s; {live['radio_score_seconds']:.1f} s",
        "listeners": f"{hall['listeners']}",
        "hall": f"{hall['windows_lost']} of {hall['windows']}; "
        f"{hall['scores_p95_ms']:.0f} ms; {hall['page_p95_ms']:.0f} ms",
        "pipe": f"{hall['pipe_windows_that_differ']} of {hall['pipe_windows']}",
    }


def _table_of_visitors(load: dict[str, Any]) -> str:
    head = "| workers | visitors | requests a second | scores, p95 | pictures, p95 | page, p95 | failures | held |"
    rows = []
    for step in load["steps"]:
        p95 = [f"{step['by_request'][name]['p95_ms']:.0f} ms" for name in ("scores", "picture", "page")]
        cells = [step["workers"], step["visitors"], f"{step['requests_per_second']:.0f}", *p95, step["failures"]]
        rows.append("| " + " | ".join(map(str, [*cells, "yes" if step["is_held"] else "no"])) + " |")
    return table(head, rows)


def _of_the_soak(soak: dict[str, Any]) -> dict[str, str]:
    by_request, settled = soak["by_request"], soak["curve"][:-1]  # while the last is read, visitors leave
    early, middle, last = (settled[round(share * (len(settled) - 1))] for share in (1 / 15, 0.5, 1))
    plain = sum(each["requests"] for name, each in by_request.items() if not name.startswith("live"))
    sessions, windows = (by_request[f"live {name}"]["requests"] for name in ("session", "window"))
    return {
        "soak command": f"`{soak['command']}`",
        "soak": f"{plain:,} requests and {sessions} live sessions with {windows:,} windows, "
        f"{soak['failures'] or 'none'} failed",
        "soak descriptors": f"{early['descriptors']} after 2 minutes and {last['descriptors']} at the end",
        "soak memory": f"{early['resident_mib']:.0f} MiB after 2 minutes, {middle['resident_mib']:.0f} at half time, "
        f"{last['resident_mib']:.0f} at the end",
        "soak growth": f"{soak['grown_mib']:+.0f} MiB from the mean of its first half to that of its second",
    }


def _ms(seconds: float) -> str:
    return f"{1000 * seconds:.1f} ms"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
