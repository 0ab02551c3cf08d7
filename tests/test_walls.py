"""The walls of the house, held on packages: who may import whom, and no circle anywhere."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
STUDIES_WITH = {"tensorflow", "keras", "jax", "librosa", "sklearn", "matplotlib"}
SCANS_WITH = {"dask", "distributed", "pyarrow", "fsspec", "s3fs", "mutagen"}
LONGEST_MODULE = 300


def modules(*packages: str) -> dict[str, Path]:
    """Every module of some packages, by its dotted name."""
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
        for package in packages
        for path in (ROOT / package).rglob("*.py")
    }


@cache
def imports_of(path: Path) -> frozenset[str]:
    """All that a module imports, wherever in it, as dotted names; ``from a import b`` counts as ``a.b``."""
    return frozenset(_imports(ast.parse(path.read_text(encoding="utf-8"))))


def _imports(tree: ast.AST, *, at_start_only: bool = False) -> Iterator[str]:
    for node in tree.body if at_start_only and isinstance(tree, ast.Module) else ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def is_in(name: str, package: str) -> bool:
    return name == package or name.startswith(package + ".")


def crossing(packages: tuple[str, ...], forbidden: str, *, outside: str = "-") -> list[str]:
    """The imports of `forbidden` in some packages, but for modules in `outside`."""
    return [
        f"{name} imports {imported}"
        for name, path in modules(*packages).items()
        if not is_in(name, outside)
        for imported in imports_of(path)
        if is_in(imported, forbidden)
    ]


def test_only_study_imports_study() -> None:
    assert not crossing(("model", "dashboard", "samples"), "model.study", outside="model.study")


@pytest.mark.parametrize("package", ["dashboard", "dash", "flask", "tests", "samples"])
def test_the_model_knows_nothing_of_the_page(package: str) -> None:
    assert not crossing(("model",), package)


@pytest.mark.parametrize("package", sorted(STUDIES_WITH))
def test_what_listens_never_imports_what_trains(package: str) -> None:
    assert not crossing(("model", "dashboard"), package, outside="model.study")


@pytest.mark.parametrize("package", sorted(SCANS_WITH))
def test_only_a_scan_of_a_library_needs_a_cluster_and_its_tables(package: str) -> None:
    assert not crossing(("model", "dashboard"), package, outside="model.scan")


def test_only_its_commands_import_the_scan_of_a_library() -> None:
    commands = {"model.cli.scan", "model.cli.library"}
    crossings = crossing(("model", "dashboard"), "model.scan", outside="model.scan")
    assert not [found for found in crossings if found.partition(" ")[0] not in commands]


@pytest.mark.parametrize("package", ["dashboard.api", "dashboard.page", "dashboard.serving"])
def test_listening_and_the_library_know_neither_page_nor_routes(package: str) -> None:
    assert not crossing(("dashboard/listening", "dashboard/library", "dashboard/sharing"), package)


@pytest.mark.parametrize("package", ["dashboard.library", "dashboard.listening", "dashboard.decoding.decoders"])
def test_what_workers_share_knows_nothing_of_sound(package: str) -> None:
    assert not crossing(("dashboard/sharing",), package)


def test_no_modules_import_each_other_in_a_circle() -> None:
    known = modules("model", "dashboard")
    graph = {
        name: {
            whole
            for imported in _imports(ast.parse(path.read_text(encoding="utf-8")), at_start_only=True)
            for whole in (imported if imported in known else imported.rpartition(".")[0],)
            if whole in known and whole != name
        }
        for name, path in known.items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as circle:
        pytest.fail(" -> ".join(circle.args[1]))


def test_no_module_or_style_sheet_is_longer_than_one_can_read_at_a_sitting() -> None:
    assets = ROOT / "assets"
    paths = [*modules("model", "dashboard").values(), *assets.rglob("*.mjs"), *assets.rglob("*.css")]
    lengths = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8").count("\n") for path in paths}
    assert not {name: length for name, length in lengths.items() if length > LONGEST_MODULE}
