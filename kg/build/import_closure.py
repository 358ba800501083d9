"""Finds the source files that a module depends on by reading imports, so that nothing is run or listed by hand."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import kg

_ROOT = Path(kg.__file__).parents[1]


class ImportGraph:
    """The imports of source files, each of which is read once."""

    def __init__(self) -> None:
        self._imported: dict[Path, list[str]] = {}

    def closure(self, module: str) -> list[Path]:
        """Returns the source files of ``kg`` that are loaded, at once or later, when ``module`` is imported and used.

        Imports inside functions count; imports for type checkers do not.

        Args:
            module: dotted name of a module of ``kg``.

        Returns:
            Paths of the module's own file and of every file that it reaches, sorted.
        """
        found: dict[str, Path] = {}
        waiting = [module]
        while waiting:
            name = waiting.pop()
            path = _source_of(name)
            if name in found or path is None:
                continue
            found[name] = path
            if path not in self._imported:
                self._imported[path] = list(_imported_by(path))
            waiting += self._imported[path]
            waiting += [name.rpartition(".")[0]] if "." in name else []
        return sorted(found.values())


def _source_of(name: str) -> Path | None:
    path = _ROOT / name.replace(".", "/")
    for candidate in (path.with_suffix(".py"), path / "__init__.py"):
        if candidate.is_file():
            return candidate
    return None


def _imported_by(path: Path) -> Iterator[str]:
    for node in _run_at_some_time(ast.parse(path.read_bytes())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.split(".")[0] == "kg")
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "kg":
            yield node.module
            # Each name may be a submodule; if it is not, no file has that name.
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _run_at_some_time(node: ast.AST) -> Iterator[ast.AST]:
    """Yields all statements, except those under ``if TYPE_CHECKING``."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and isinstance(child.test, ast.Name) and child.test.id == "TYPE_CHECKING":
            continue
        # No expression imports anything, and most nodes are expressions.
        if isinstance(child, ast.stmt | ast.excepthandler | ast.match_case):
            yield child
            yield from _run_at_some_time(child)
