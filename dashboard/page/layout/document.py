"""The HTML document: the layout written out, its one style sheet, its one script, and what is announced early."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Final
from urllib.parse import quote

from dash.development.base_component import Component

from dashboard.page.bundle import Bundle, bundle_modules, bundle_styles
from dashboard.page.texts import Texts, texts_in
from dashboard.page.theme import DARK, LIGHT
from dashboard.page.written import written

ENTRY: Final = "main.mjs"
SCRIPT: Final = "page.mjs"
STYLES: Final = "css/page.css"
"""Where the joined files are served, in ``assets/``: there, what a module or sheet says of other files stays true."""

PLOTLY: Final = "vendor/plotly-cartesian.min.js"
PLOTLY_VERSION: Final = "4.1.1"
"""The part of Plotly with the page's kinds of trace, a third of the whole; of the version of the Python package."""

_PLOTLY_REVISION: Final = "1"
"""Of our file of it, which says in a first line that all of it is needed: Chromium then compiles it beside the page."""

TITLE: Final = "Live Genre Dashboard"
ICON_SIZES: Final = (192, 512)
DOCUMENTATION_ADDRESS: Final = "/docs/"

FONT: Final = "assets/font/inter.woff2"
FILES: Final = (FONT, *(f"assets/icons/icon-{size}.png" for size in ICON_SIZES))
"""What the page is made of besides script, styles and Plotly, relative to it."""

WORKER: Final = "worker.js"
"""The service worker, which must be served beside the page to have its place in it."""

ORIGIN: Final = "https://page.invalid/"
"""Stands for the address that a visitor has asked, which is put in when the document is sent."""

# Three bars. In the document itself: Chromium asks for an icon anew whenever the address changes.
_ICON: Final = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" \
fill="#17191c"/><path fill="#ffa90e" d="M6 7h20v4H6z"/><path fill="#92dadd" d="M6 14h12v4H6z"/>\
<path fill="#bd1f01" d="M6 21h6v4H6z"/></svg>"""

# Before anything is painted: a theme that was chosen (assets/core/theme.mjs remembers it) must not flash in later, nor
# what is laid out for one model jump to make room for two (assets/main.mjs shows the page once it knows).
# And what the first track shows is asked for at once, not only when the script has come that will show it.
_EARLY: Final = """const root=document.documentElement,asked=new URLSearchParams(location.search);\
if(asked.get("compare"))root.classList.add("waits");\
if(!asked.get("track"))for(const href of FIRST){const link=document.createElement("link");\
Object.assign(link,{rel:"preload",as:"fetch",crossOrigin:"anonymous",href});document.head.append(link)}\
try{const t=localStorage.getItem("live-genre.theme");if(t==="light"||t==="dark")root.dataset.theme=t}catch{}"""

_DOCUMENT: Final = """<!DOCTYPE html>
<html lang="LANGUAGE">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="description" content="DESCRIPTION">
<meta name="theme-color" content="LIGHT_PAGE" media="(prefers-color-scheme: light)">
<meta name="theme-color" content="DARK_PAGE" media="(prefers-color-scheme: dark)">
<meta property="og:type" content="website">
<meta property="og:title" content="TITLE">
<meta property="og:description" content="DESCRIPTION">
<meta property="og:url" content="ORIGIN">
<meta property="og:image" content="ORIGINassets/icons/icon-512.png">
<title>TITLE</title>
<link rel="manifest" href="manifest.webmanifest?language=LANGUAGE">
<link rel="apple-touch-icon" href="assets/icons/icon-192.png">
<link rel="icon" href="ICON">
<script>EARLY</script>
<link rel="stylesheet" href="STYLES">
<link rel="preload" as="font" type="font/woff2" href="FONT" crossorigin>
<link rel="preload" as="fetch" href="api/tracks" crossorigin>
<script type="module" src="SCRIPT"></script>
</head>
<body>
LAYOUT
<script type="application/json" id="texts">TEXTS</script>
<noscript>NOSCRIPT</noscript>
</body>
</html>
"""


@dataclass(frozen=True)
class Document:
    """The page as it is sent.

    Attributes
    ----------
    pages : mapping of str to str
        The document in each language.
    script, styles : Bundle
        What it asks for, under addresses that name their content: a browser keeps them for good.
    script_hash : str
        Of the one script inside it, as a Content-Security-Policy names it.
    worker : str
        The service worker's code, but for what it is to keep.
    """

    pages: Mapping[str, str]
    script: Bundle
    styles: Bundle
    script_hash: str
    worker: str

    @property
    def script_address(self) -> str:
        """Where the script is, relative to the page."""
        return f"assets/{SCRIPT}?m={self.script.fingerprint}"

    @property
    def styles_address(self) -> str:
        """Where the styles are, relative to the page."""
        return f"assets/{STYLES}?m={self.styles.fingerprint}"


def document(assets_folder: Path, layouts: Mapping[str, Component], first: Sequence[str]) -> Document:
    """Write the document.

    Nothing in it waits for Plotly, which the script asks for once the page stands.

    Parameters
    ----------
    assets_folder : Path
        Where modules and style sheets are.
    layouts : mapping of str to Component
        The page by language, the same for every visitor of one.
    first : sequence of str
        What the page asks for where its address names no track, relative to the page.

    Returns
    -------
    Document
        Whole.
    """
    early = _EARLY.replace("FIRST", json.dumps(first, separators=(",", ":")))
    script = bundle_modules(assets_folder, ENTRY, SCRIPT)
    styles = bundle_styles(assets_folder / "css")
    shared = {
        "LIGHT_PAGE": LIGHT.page,
        "DARK_PAGE": DARK.page,
        "ORIGIN": ORIGIN,
        "TITLE": TITLE,
        "ICON": f"data:image/svg+xml,{quote(_ICON)}",
        "EARLY": early,
        "FONT": FONT,
        "STYLES": f"assets/{STYLES}?m={styles.fingerprint}",
        "SCRIPT": f"assets/{SCRIPT}?m={script.fingerprint}",
    }
    code = script.text
    pages = {
        language: _filled({**shared, **_of_language(texts_in(language), code), "LAYOUT": written(layout)})
        for language, layout in layouts.items()
    }
    digest = base64.b64encode(hashlib.sha256(early.encode()).digest()).decode()
    worker = (assets_folder / "offline" / WORKER).read_text(encoding="utf-8")
    return Document(pages, script, styles, f"'sha256-{digest}'", worker)


def _of_language(text: Texts, code: str) -> dict[str, str]:
    """Give what stands around the layout in a language; of its texts those that the page's code uses."""
    texts = json.dumps(text.used_by(code), ensure_ascii=False, separators=(",", ":"))
    return {
        "LANGUAGE": text.language,
        "DESCRIPTION": escape(text("page.description")),
        "NOSCRIPT": escape(text("page.noscript")),
        "TEXTS": texts.replace("<", "\\u003c"),  # nothing within may end the element
    }


def _filled(parts: Mapping[str, str]) -> str:
    html = _DOCUMENT
    for name, value in parts.items():  # the layout comes last: its words are no names
        html = html.replace(name, value)
    return html


def manifest(language: str) -> dict[str, object]:
    """Describe the page to a system that installs it."""
    text = texts_in(language)
    return {
        "name": TITLE,
        "short_name": text("page.name"),
        "description": text("page.description"),
        "lang": language,
        "start_url": ".",
        "scope": ".",
        "display": "standalone",
        "background_color": LIGHT.page,
        "theme_color": LIGHT.page,
        "icons": [
            {
                "src": f"assets/icons/icon-{size}.png",
                "sizes": f"{size}x{size}",
                "type": "image/png",
                "purpose": "any maskable",
            }
            for size in ICON_SIZES
        ],
    }


def plotly_address() -> str:
    """Give Plotly's address, relative to the page; with its version in it, a browser keeps it for good."""
    return f"assets/{PLOTLY}?m={PLOTLY_VERSION}-{_PLOTLY_REVISION}"
