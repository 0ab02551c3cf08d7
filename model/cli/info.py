"""``python -m model info``: print the model card."""

from __future__ import annotations

import argparse
import json
from typing import Any, Final

from model.checkpoint import Card, read_card
from model.cli.arguments import add_model

_HONEST_FIGURES: Final = ("track_accuracy", "window_accuracy", "expected_calibration_error")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's arguments."""
    parser.add_argument("--json", action="store_true", help="the whole card, with the honest metrics at its top level")
    add_model(parser)


def run(args: argparse.Namespace) -> int:
    """Print the card."""
    card = read_card(args.model)
    print(json.dumps(describe(card), indent=2, ensure_ascii=False) if args.json else _text(card))
    return 0


def describe(card: Card) -> dict[str, Any]:
    """Give the card as JSON-ready values, with the honest figures (None where unknown) at the top level."""
    return {**card.to_dict(), **{name: card.figures.get(name) for name in _HONEST_FIGURES}}


def _text(card: Card) -> str:
    figures = card.figures
    lines = [
        f"{card.name} {card.version} ({card.short_hash}), {card.n_parameters:,} parameters, {card.created}",
        f"genres: {', '.join(card.genres)}",
        f"hears: {card.params.audio.window_seconds:.0f} s windows at {card.params.audio.sample_rate_hz} Hz",
    ]
    if figures:
        lines.append(f"measured on: {figures.get('split', 'unstated')}, {figures.get('n_tracks', '?')} tracks")
    for name in _HONEST_FIGURES:
        if isinstance(figures.get(name), float):
            lines.append(f"{name}: {figures[name]:.3f}")
    return "\n".join(lines)
