"""A library's overview as text: a histogram of genres, folders, the surest and the most divided tracks."""

from __future__ import annotations

from typing import Final

from model.scan.library import Overview, ScannedTrack

_BAR: Final = 40
_FOLDERS: Final = 8


def overview_text(overview: Overview) -> str:
    """Write an overview, some 40 lines."""
    parts = [headline(overview), _histogram(overview)]
    if len(overview.folders) > 1:
        parts.append(_folders(overview))
    for title, tracks in (("surest", overview.surest), ("most divided", overview.divided)):
        if tracks:
            parts.append("\n".join([f"{title}:", *(f"  {track_line(track)}" for track in tracks)]))
    if overview.errors:
        parts.append("\n".join(["not heard:", *(f"  {track.error}" for track in overview.errors)]))
    return "\n\n".join(parts)


def track_line(track: ScannedTrack) -> str:
    """Write a track in a line: ``jazz 0.86, blues 0.06  /music/a.ogg``."""
    if track.error is not None:
        return f"error  {track.error}"
    if track.genre is None:
        return f"{track.state}  {track.path}"
    second = f", {track.second_genre} {track.second_probability:.2f}" if track.second_genre else ""
    return f"{track.genre} {track.probability:.2f}{second}  {track.path}"


def headline(overview: Overview) -> str:
    """Write the numbers: ``2,000 tracks, 16.7 hours; 4 % unsure``."""
    rest = [f"{n:,} {state}" for state, n in sorted(overview.states.items()) if state in ("silence", "error")]
    told = [f"{overview.n_tracks:,} tracks, {overview.hours:,.1f} hours", f"{overview.unsure_share:.0%} unsure", *rest]
    return "; ".join(told).replace("%", " %")


def _histogram(overview: Overview) -> str:
    most = max(overview.genres.values(), default=0)
    n_music = max(1, sum(overview.genres.values()))
    width = max(map(len, overview.genres), default=0)
    return "\n".join(
        f"{genre:<{width}}  {'█' * round(_BAR * n / most) if most else '':<{_BAR}}  {n:>7,}  {100 * n / n_music:4.1f} %"
        for genre, n in overview.genres.items()
    )


def _folders(overview: Overview) -> str:
    lines = ["folders:"]
    for folder, counted in list(overview.folders.items())[:_FOLDERS]:
        leading = ", ".join(f"{genre or 'no genre'} {n:,}" for genre, n in counted.most_common(3))
        lines.append(f"  {folder}: {counted.total():,} tracks ({leading})")
    if len(overview.folders) > _FOLDERS:
        lines.append(f"  and {len(overview.folders) - _FOLDERS:,} more")
    return "\n".join(lines)
