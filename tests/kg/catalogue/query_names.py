"""The queries that the code names."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.support.paths import ROOT

BUILD = ROOT / "kg" / "build"


def strings_of(paths: Iterator[Path]) -> set[str]:
    """Every string constant in these Python files, without the folder of the queries of pages."""
    return {
        node.value.removeprefix("pages/")
        for path in paths
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def sources() -> Iterator[Path]:
    """The Python files of the product."""
    return (path for folder in ("kg", "server") for path in (ROOT / folder).rglob("*.py"))


@cache
def named_by_the_build_alone() -> frozenset[str]:
    """Strings that only the build has, among which are the names of its queries without their folder."""
    build = strings_of(BUILD.rglob("*.py"))
    return frozenset(build - strings_of(path for path in sources() if BUILD not in path.parents))
