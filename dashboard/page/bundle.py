"""The page's modules and style sheets, each put into one file: one request instead of sixty.

Nothing is made beforehand and nothing is installed for it: the server joins the files when it starts. They are
written in one plain way (imports at the top, ``export`` before what it exports), which is all that is understood here.
Lines stay where they are, so that a source map of a few words leads a debugger back to each module.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_IMPORT: Final = re.compile(r'^import (?:\{([^}]*)\}|\* as (\w+)) from "([^"]+)";', re.MULTILINE)
_EXPORT: Final = re.compile(r"^export (?=(?:async )?(?:function\*?|class|const) (\w+))", re.MULTILINE)
_ODD: Final = re.compile(r"^(?:import|export)\b.*", re.MULTILINE)


@dataclass(frozen=True)
class Bundle:
    """Several files in one.

    Attributes
    ----------
    text : str
        Its content.
    source_map : str
        Which line is whose (a source map, revision 3), JSON; empty where there is none.
    """

    text: str
    source_map: str = ""

    @property
    def fingerprint(self) -> str:
        """Name of its content, for its address."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:12]


def bundle_modules(folder: Path, entry: str, name: str) -> Bundle:
    """Join ES modules.

    Parameters
    ----------
    folder : pathlib.Path
        Of the modules, from which the bundle is served too.
    entry : str
        The module that acts, relative to `folder`; it comes last, after all that it imports.
    name : str
        What the bundle is called; its source map is ``<name>.map``.

    Returns
    -------
    Bundle
        One module. Each of the joined ones is a function of its own in it, so that no name meets another.

    Raises
    ------
    ValueError
        If a module imports or exports in a way that is not understood here.
    """
    order: list[str] = []
    _visit(folder, entry, order)
    lines: list[str] = []
    sections = []
    for path in order:
        text = (folder / path).read_text(encoding="utf-8")
        joined = _joined(text, path, is_entry=path == entry)
        sections.append({"offset": {"line": len(lines), "column": 0}, "map": _lines_of(path, text)})
        lines += joined.split("\n")
    lines.append(f"//# sourceMappingURL={name}.map\n")
    return Bundle("\n".join(lines), json.dumps({"version": 3, "sections": sections}, separators=(",", ":")))


def bundle_styles(folder: Path) -> Bundle:
    """Join the style sheets of a folder in the order of their names, which number them."""
    return Bundle("\n".join(path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.css"))))


def _visit(folder: Path, path: str, order: list[str]) -> None:
    text = (folder / path).read_text(encoding="utf-8")
    for found in _IMPORT.finditer(text):
        imported = _resolved(path, found[3])
        if imported not in order:
            _visit(folder, imported, order)
    order.append(path)


def _resolved(path: str, address: str) -> str:
    parts = path.split("/")[:-1]
    for part in address.split("/"):
        if part == "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def _variable(path: str) -> str:
    return "$" + re.sub(r"\W", "_", path.removesuffix(".mjs"))


def _joined(text: str, path: str, *, is_entry: bool) -> str:
    """Write one module as it stands in the bundle, line by line where it was."""

    def taken(found: re.Match[str]) -> str:
        names, everything, address = found.groups()
        source = _variable(_resolved(path, address))
        what = everything or "{" + names.replace(" as ", ": ") + "}"
        return f"const {what} = {source};"

    exported = _EXPORT.findall(text)
    text = _EXPORT.sub("", _IMPORT.sub(taken, text))
    if odd := _ODD.search(text):
        raise ValueError(
            f"{path}: {odd[0]!r} is not understood; import by name at the top, export where it is defined."
        )
    text = text.replace("import.meta.url", f'new URL("{path}", import.meta.url).href')
    if is_entry:
        return text
    return f"const {_variable(path)} = (() => {{ {text}\nreturn {{ {', '.join(exported)} }}; }})();"


def _lines_of(path: str, text: str) -> dict[str, object]:
    """Map each line to the same of its module."""
    n_lines = text.count("\n") + 1
    return {"version": 3, "sources": [path], "names": [], "mappings": ";".join(["AAAA", *["AACA"] * (n_lines - 1)])}
