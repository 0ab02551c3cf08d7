"""The HTML document around the page, and which assets Dash puts into it.

Only ``main.mjs`` is a script of the document; it imports the other modules by their plain names. Were each a script
too, it would run twice: Dash stamps the address of a script, and an address is a module's identity.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final
from urllib.parse import quote

ENTRY: Final = "main.mjs"
WORKLET: Final = "worklet.mjs"  # for the audio thread alone

PLOTLY: Final = "vendor/plotly-cartesian.min.js"
PLOTLY_VERSION: Final = "4.1.1"
"""The part of Plotly with the page's kinds of trace, a third of the whole, which Dash then leaves alone.
Its version is that of the Python package."""

ASSETS_IGNORE: Final = r"^(?!main\.mjs$).*\.mjs$|^plotly-"
"""For Dash: what is served, but not put into the document by it."""

# Three bars. In the document itself: Chromium asks for an icon anew whenever the address changes.
_ICON: Final = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" \
fill="#17191c"/><path fill="#ffa90e" d="M6 7h20v4H6z"/><path fill="#92dadd" d="M6 14h12v4H6z"/>\
<path fill="#bd1f01" d="M6 21h6v4H6z"/></svg>"""

_DOCUMENT: Final = """<!DOCTYPE html>
<html lang="en">
  <head>
    {%metas%}
    <meta name="color-scheme" content="light dark">
    <meta name="description" content="Watch a neural network hear the genre of the music that plays.">
    <title>{%title%}</title>
    <link rel="icon" href="ICON">
    <link rel="preload" as="font" type="font/woff2" href="assets/font/inter.woff2" crossorigin>
    {%css%}
    PRELOADS
  </head>
  <body>
    {%app_entry%}
    <footer>{%config%}<script src="assets/PLOTLY"></script>{%scripts%}{%renderer%}</footer>
    <noscript>This page needs JavaScript to follow the sound.</noscript>
  </body>
</html>
"""


def document(assets_folder: Path) -> str:
    """Write Dash's index string.

    Every module is announced at once, so that none waits for another's imports. Plotly comes before Dash's own scripts,
    or Dash would ask for the whole of it.

    Parameters
    ----------
    assets_folder : Path
        Where the modules are.

    Returns
    -------
    str
        HTML with Dash's placeholders.
    """
    modules = sorted(
        path.relative_to(assets_folder).as_posix()
        for path in assets_folder.rglob("*.mjs")
        if path.name not in (ENTRY, WORKLET)
    )
    preloads = "\n    ".join(f'<link rel="modulepreload" href="assets/{name}">' for name in modules)
    plotly = f"{PLOTLY}?m={PLOTLY_VERSION}"  # with its version in the address it is kept for good
    icon = f"data:image/svg+xml,{quote(_ICON)}"
    return _DOCUMENT.replace("PLOTLY", plotly).replace("PRELOADS", preloads).replace("ICON", icon)
