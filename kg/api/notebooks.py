"""Runs notebooks in the percent format, which editors open as notebooks and reviewers read as Python.

``# %% [markdown]`` starts a cell of text, ``# %%`` one of code, and ``# %% parameters`` one whose variables may be set
by whoever runs the notebook. A cell gives the value of its last expression: a table, a drawing or text, recorded as
data, so that pages can show it in their own way::

    {"title": "…", "cells": [{"type": "text", "source": "…"}, {"type": "code", "source": "…", "output": {…}}]}

An output is ``{"type": "table", "columns": [{"name", "unit", "isNumber"}], "rows": [["…"]], "total": 5}``, or
``{"type": "figure", "svg": "…"}``, or ``{"type": "text", "text": "…"}``.
"""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from kg.api.figures import Figure
from kg.errors import VitkError

MOST_ROWS = 12
_CELL = re.compile(r"^# %%(.*)\n", re.MULTILINE)
_DECIMALS = 4


def run(path: Path, parameters: Mapping[str, object]) -> dict[str, Any]:
    """Runs a notebook of ours; whatever it may do, this process may do.

    Args:
        path: of the notebook.
        parameters: values for variables that its cell of parameters sets.

    Returns:
        Its cells with their outputs, as described above.

    Raises:
        VitkError: it has no title, or it sets no such parameter.
    """
    variables: dict[str, Any] = {"__name__": "__main__"}
    cells: list[dict[str, Any]] = []
    for mark, source in _cells(path.read_text("utf-8")):
        if mark == "[markdown]":
            cells.append({"type": "text", "source": re.sub(r"^# ?", "", source, flags=re.MULTILINE)})
            continue
        output = _result(source, path, variables)
        if mark == "parameters":
            if unknown := sorted(parameters.keys() - variables.keys()):
                raise VitkError(f"{path}: there is no parameter {', '.join(unknown)}.")
            variables |= parameters
        cells.append({"type": "code", "source": source, **({} if output is None else {"output": output})})
    if not cells or not cells[0]["source"].startswith("# "):
        raise VitkError(f"{path}: the first cell is a text that begins with '# ' and the title.")
    return {"title": cells[0]["source"].splitlines()[0].removeprefix("# "), "cells": cells}


def _cells(text: str) -> Iterator[tuple[str, str]]:
    _, *parts = _CELL.split(text)
    for mark, source in zip(parts[::2], parts[1::2], strict=True):
        yield mark.strip(), source.strip()


def _result(source: str, path: Path, variables: dict[str, Any]) -> dict[str, Any] | None:
    tree = ast.parse(source, str(path))
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, str(path), "exec"), variables)  # noqa: S102 - that is what running a notebook is
    if not isinstance(last, ast.Expr):
        return None
    value = eval(compile(ast.Expression(last.value), str(path), "eval"), variables)  # noqa: S307
    return None if value is None else _output(value)


def _output(value: Any) -> dict[str, Any]:
    if isinstance(value, Figure):
        return {"type": "figure", "svg": value.svg}
    if not hasattr(value, "to_dict") or not hasattr(value, "dtypes"):
        return {"type": "text", "text": str(value)}
    units = value.attrs.get("units", {})
    columns = [
        {"name": str(name), "unit": units.get(name, ""), "isNumber": getattr(kind, "kind", "O") in "if"}
        for name, kind in value.dtypes.items()
    ]
    rows = [[_text(cell) for cell in row] for row in value.head(MOST_ROWS).itertuples(index=False)]
    return {"type": "table", "columns": columns, "rows": rows, "total": len(value)}


def _text(cell: Any) -> str:
    """A cell as pages show it: what is missing is empty, and numbers have up to four decimal places."""
    if cell is None or str(cell) == "<NA>":
        return ""
    if not isinstance(cell, float):
        return str(cell)
    if math.isnan(cell):
        return ""
    is_tiny = 0 < abs(cell) < 10.0**-_DECIMALS
    return f"{cell:.1e}" if is_tiny else f"{cell:,.{_DECIMALS}f}".rstrip("0").rstrip(".")
