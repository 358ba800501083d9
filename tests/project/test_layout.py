"""The layout that ARCHITECTURE.md describes: small roots, small folders, no import cycle between folders."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.support.paths import ROOT

PACKAGES = ("kg", "server")
IGNORED = {"__pycache__", "node_modules", "static"}


def modules(package: str) -> list[Path]:
    found = sorted((ROOT / package).rglob("*.py"))
    return [path for path in found if not IGNORED & set(path.relative_to(ROOT).parts)]


@pytest.mark.parametrize(("folder", "most"), [("server", 6), ("kg", 7), ("tests", 3)])
def test_a_package_root_holds_only_what_everybody_needs(folder: str, most: int) -> None:
    files = [path.name for path in (ROOT / folder).iterdir() if path.is_file()]
    assert len(files) <= most, files


@pytest.mark.parametrize("package", [*PACKAGES, "tests"])
def test_no_folder_has_more_than_15_modules(package: str) -> None:
    counted: dict[Path, int] = defaultdict(int)
    for path in modules(package):
        counted[path.parent] += 1
    assert {folder: number for folder, number in counted.items() if number > 15} == {}


@pytest.mark.parametrize("package", PACKAGES)
def test_every_folder_says_what_it_is_for(package: str) -> None:
    for folder in {path.parent for path in modules(package)} - {ROOT / "server" / "ui"}:
        init = folder / "__init__.py"
        assert init.is_file(), folder
        assert ast.get_docstring(ast.parse(init.read_bytes())), init


def test_folders_do_not_import_each_other_in_a_circle() -> None:
    graph: dict[str, set[str]] = defaultdict(set)
    for path in (path for package in PACKAGES for path in modules(package)):
        for name in imported(ast.parse(path.read_bytes())):
            if (target := node_of(name)) and target != (source := node_of(dotted(path))):
                graph[str(source)].add(target)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" → ".join(error.args[1]))


def dotted(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def node_of(module: str) -> str | None:
    """The folder of a module; modules at the root of a package stand for themselves."""
    path = ROOT / module.replace(".", "/")
    if path.with_suffix(".py").is_file():
        return module if path.parent.name in PACKAGES else module.rpartition(".")[0]
    return module if path.is_dir() else None


def imported(tree: ast.AST) -> Iterator[str]:
    """Modules and packages of ours that are imported at some time; not those for type checkers alone."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            continue
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] in PACKAGES:
            for alias in node.names:
                yield f"{node.module}.{alias.name}" if node_of(f"{node.module}.{alias.name}") else node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] in PACKAGES)
        else:
            yield from imported(node)
