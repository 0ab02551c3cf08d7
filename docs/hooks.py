"""What MkDocs is told besides ``mkdocs.yml``: a link to a file of the project outside ``docs/`` works on the site too.

Such a file is copied to ``project/`` on the site; a Markdown file becomes a page there, with the pictures it shows.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parent.parent
PLACE = "project/"
ALWAYS = ("SECURITY.md", "assets/icons/icon-192.png")
LINK = re.compile(r"(\]\()([^)\s#]+)(#[^)\s]*)?(\))")
MARK = re.compile(r"<!--[=/].*?-->")


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Add the files of the project that pages link to, and those that these link to."""
    waiting = [*ALWAYS]
    for page in files.documentation_pages():
        waiting += _linked(f"docs/{page.src_uri}", page.content_string)
    seen: set[str] = set()
    while waiting:
        path = waiting.pop()
        if path in seen or path.startswith("docs/"):
            continue
        seen.add(path)
        if not (ROOT / path).is_file():
            raise PluginError(f"A page links to {path}, which is no file of the project; mend the link.")
        files.append(File.generated(config, PLACE + path, abs_src_path=str(ROOT / path)))
        if path.endswith(".md"):
            waiting += _linked(path, (ROOT / path).read_text(encoding="utf-8"))
    return files


def on_page_markdown(markdown: str, *, page: Page, **_: Any) -> str:
    """Make links of the project links of the site, and drop the marks of figures that tests keep true."""
    here = page.file.src_uri
    source = here.removeprefix(PLACE) if here.startswith(PLACE) else f"docs/{here}"

    def relinked(found: re.Match[str]) -> str:
        before, link, anchor, after = found.groups(default="")
        if _is_elsewhere(link):
            return found[0]
        target = _resolved(source, link)
        place = target.removeprefix("docs/") if target.startswith("docs/") else PLACE + target
        return before + posixpath.relpath(place, posixpath.dirname(here) or ".") + anchor + after

    return LINK.sub(relinked, MARK.sub("", markdown))


def _linked(source: str, markdown: str) -> list[str]:
    return [_resolved(source, link) for _, link, _, _ in LINK.findall(markdown) if not _is_elsewhere(link)]


def _is_elsewhere(link: str) -> bool:
    return link.startswith(("/", "#", "<", "mailto:")) or "://" in link


def _resolved(source: str, link: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(source), link))
