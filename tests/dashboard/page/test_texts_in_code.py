"""What a visitor reads stands in the catalogues, not in the code; all that the code asks of them is there, and used."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard.page import texts
from dashboard.page.texts import keys_in, texts_in
from dashboard.settings import PROJECT_FOLDER

KEYS = texts_in("en").entries
AREAS = {key.partition(".")[0] for key in KEYS}
PAGE = PROJECT_FOLDER / "dashboard" / "page"
MODULES = {path: path.read_text(encoding="utf-8") for path in (PROJECT_FOLDER / "assets").rglob("*.mjs")}
LAYOUT = {path: path.read_text(encoding="utf-8") for path in PAGE.rglob("*.py") if path.parent.name != "texts"}

NAMES = {"GTZAN", "CSV", "/api/model"}
"""Of things; the same in every language."""

# A key that is written whole, with what follows it; one that goes on with a placeholder.
WHOLE = re.compile(r"""["'`]([a-z_]+)(\.[a-z_]+(?:\.[\w-]+)*)["'`]""")
BEGUN = re.compile(r"""["'`]([a-z_]+)(\.(?:[\w-]+\.)*)\$?\{""")
COMMENTS = re.compile(r"/\*.*?\*/|(?<![:\"'`\w])//[^\n]*", re.DOTALL)

# Where a module lets something be read: as text, as a name, as a child of an element.
SINKS = re.compile(
    r"""(?:setText\([^,]+,|\.(?:textContent|title|placeholder|ariaLabel)\s*=|["']?(?:aria-label|title|placeholder)["']?:
    |toast\(|\bsay\(|complain\(|\},)\s*(?:["`])(?P<words>[^"`]*[^\W\d_]{3}[^"`]*)["`]""",
    re.VERBOSE,
)
PROSE = re.compile(r"""["`]([^".#`\n][^"`\n]*[a-z\u2019]{2,},? [a-z\u2019]{2,} [^"`\n]*[a-z]{2,}[.:;?!\u2026]?)["`]""")
INTERPOLATED = re.compile(r"\$\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}")


def readable(code: str) -> list[str]:
    """What in a module looks as if a visitor reads it."""
    plain = COMMENTS.sub("", code)
    sinks = [found["words"] for found in SINKS.finditer(plain)]
    prose = [words for line in plain.splitlines() if "new Error(" not in line for words in PROSE.findall(line)]
    told = [words for words in (*sinks, *prose) if re.search(r"[^\W\d_]{3}", INTERPOLATED.sub("", words))]
    return [words for words in told if words not in KEYS and not re.fullmatch(r"[\w.-]*\.\$.*|https?:\S*", words)]


def written_out(code: str) -> Iterator[str]:
    """What a layout writes out itself, where it would be read: children, titles, labels."""

    def literals(node: ast.AST) -> Iterator[str]:
        if isinstance(node, ast.List | ast.Tuple):
            for each in node.elts:
                yield from literals(each)
        elif isinstance(node, ast.JoinedStr):
            yield from (part.value for part in node.values if isinstance(part, ast.Constant))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value

    for node in ast.walk(ast.parse(code)):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and ast.unparse(node.func.value) == "html"
        ):
            for each in (
                *node.args,
                *(word.value for word in node.keywords if word.arg in ("title", "children", "alt")),
            ):
                yield from literals(each)
        if isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and key.value in ("aria-label", "aria-description"):
                    yield from literals(value)


def test_every_key_that_code_names_is_in_the_catalogue() -> None:
    missing = []
    for code in (*MODULES.values(), *LAYOUT.values()):
        named = [area + rest for area, rest in WHOLE.findall(code) if area in AREAS and not rest.endswith(".mjs")]
        begun = [area + rest for area, rest in BEGUN.findall(code) if area in AREAS]
        missing += [key for key in named if key not in KEYS]
        missing += [start for start in begun if not any(key.startswith(start) for key in KEYS)]
    assert missing == []


def test_every_text_is_used() -> None:
    code = "\n".join((*MODULES.values(), *LAYOUT.values(), Path(texts.__file__).read_text(encoding="utf-8")))
    assert set(KEYS) - keys_in(code, KEYS) == set()


def test_no_module_and_no_layout_holds_what_a_visitor_reads() -> None:
    found = {path.name: words for path, code in MODULES.items() if (words := readable(code))}
    for path, code in LAYOUT.items():
        words = [each for each in written_out(code) if re.search(r"[^\W\d_]{3}", each) and each not in NAMES]
        found |= {path.name: words} if words else {}
    assert found == {}


@pytest.mark.parametrize(
    "code",
    [
        'element.textContent = "Saved";',
        'setText(byId("lead"), "Ready");',
        "setText(words, `Sent ${n} files`);",
        'el("button", { type: "button", onclick: act }, "Undo")',
        'el("span", { "aria-label": "Volume" })',
        "const NOTE = `The take of ${name} is kept for a while.`;",
        'toast("Copied");',
    ],
)
def test_a_text_in_a_module_would_be_noticed(code: str) -> None:
    assert readable(code)


def test_a_text_in_a_layout_would_be_noticed() -> None:
    code = 'html.P(["Press play", html.B(f"{n} tracks")], title="Help", id="note", **{"aria-label": "Notes"})'
    assert set(written_out(code)) == {"Press play", " tracks", "Help", "Notes"}
    assert readable('el("span", { class: "tile-name wide" }, text("a.b"), `${a} Hz`)') == []
