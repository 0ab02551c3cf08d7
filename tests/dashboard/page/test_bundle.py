"""The joined script and style sheet: all of them, in an order that works, led back to their sources."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dashboard.page.bundle import bundle_modules, bundle_styles
from dashboard.settings import PROJECT_FOLDER

ASSETS = PROJECT_FOLDER / "assets"
ALONE = {"live/worklet.mjs", "whatif/worklet.mjs"}
"""For the audio thread, which has scripts of its own."""


def test_every_module_of_the_page_is_in_it_after_those_that_it_imports() -> None:
    bundle = bundle_modules(ASSETS, "main.mjs", "page.mjs")
    order = [section["map"]["sources"][0] for section in json.loads(bundle.source_map)["sections"]]
    assert sorted(order) == sorted({path.relative_to(ASSETS).as_posix() for path in ASSETS.rglob("*.mjs")} - ALONE)
    assert order[-1] == "main.mjs"
    assert order.index("core/dom.mjs") < order.index("player/player.mjs")


def test_each_line_is_where_the_source_map_says() -> None:
    bundle = bundle_modules(ASSETS, "main.mjs", "page.mjs")
    lines = bundle.text.split("\n")
    for section in json.loads(bundle.source_map)["sections"]:
        (path,) = section["map"]["sources"]
        source = (ASSETS / path).read_text(encoding="utf-8").split("\n")
        assert section["map"]["mappings"].count(";") == len(source) - 1
        start = section["offset"]["line"]
        for theirs, ours in zip(source, lines[start : start + len(source)], strict=True):
            if not theirs.startswith(("import", "export")) and "import.meta" not in theirs:
                assert theirs in ours


def test_names_are_renamed_and_addresses_kept(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "far" / "a.mjs").write_text(
        'export const one = 1;\nexport async function two() {}\nexport const at = new URL("b", import.meta.url);\n'
    )
    (tmp_path / "main.mjs").write_text(
        'import { one as first, two } from "./far/a.mjs";\nimport * as a from "./far/a.mjs";\n'
    )
    text = bundle_modules(tmp_path, "main.mjs", "page.mjs").text
    assert "const $far_a = (() => { const one = 1;" in text
    assert 'new URL("b", new URL("far/a.mjs", import.meta.url).href)' in text
    assert "return { one, two, at }; })();" in text
    assert "const { one: first, two } = $far_a;\nconst a = $far_a;\n" in text


@pytest.mark.parametrize("line", ["export default 3;", 'import x from "./x.mjs";', "export { x };"])
def test_what_is_not_understood_is_refused_with_the_line(tmp_path: Path, line: str) -> None:
    (tmp_path / "main.mjs").write_text(line)
    with pytest.raises(ValueError, match=r"main\.mjs: '(export|import)"):
        bundle_modules(tmp_path, "main.mjs", "page.mjs")


def test_a_change_changes_the_name_of_the_content(tmp_path: Path) -> None:
    (tmp_path / "1.css").write_text("a {}")
    before = bundle_styles(tmp_path).fingerprint
    (tmp_path / "0.css").write_text("b {}")
    assert bundle_styles(tmp_path).text == "b {}\na {}"
    assert bundle_styles(tmp_path).fingerprint != before
