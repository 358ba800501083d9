"""The notebooks with what they gave, as pages, and their sources.

Nothing runs here: a page shows the outputs that were recorded on the repository's own data, and tests compare them with
what the notebooks give today. So a server needs neither pandas nor statsmodels, no build waits for notebooks, and what
a page says has been reviewed.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from flask import Response, make_response, render_template

from server.core import conditional
from server.guide import notebook_text

FOLDER = Path(__file__).parent / "notebooks"
# By name in URLs; files have underscores.
NOTEBOOKS = ("effect-sizes", "foods-and-intake", "federation")


def path_of(name: str) -> Path:
    """Returns the source of a notebook."""
    return FOLDER / f"{name.replace('-', '_')}.py"


def recorded(name: str) -> Path:
    """Returns the file with the outputs of a notebook."""
    return FOLDER / "outputs" / f"{name}.json"


@cache
def _document(name: str) -> dict[str, Any]:
    """The cells of a notebook; those of text have ``blocks``."""
    document: dict[str, Any] = json.loads(recorded(name).read_text("utf-8"))
    for cell in document["cells"]:
        if cell["type"] == "text":
            cell["blocks"] = notebook_text.blocks(cell["source"])
    return document


def overview() -> Response:
    """Renders the list of notebooks."""
    if fresh := conditional.not_modified():
        return fresh
    found = {name: _document(name) for name in NOTEBOOKS}
    return conditional.cacheable(make_response(render_template("guide/notebooks.html", notebooks=found)))


def notebook(name: str) -> Response:
    """Renders a notebook."""
    if fresh := conditional.not_modified():
        return fresh
    page = render_template("guide/notebook.html", name=name, notebook=_document(name))
    return conditional.cacheable(make_response(page))


def source(name: str) -> Response:
    """Returns the source of a notebook in the percent format."""
    if fresh := conditional.not_modified():
        return fresh
    response = make_response(path_of(name).read_bytes())
    response.mimetype = "text/x-python"
    response.headers["Content-Disposition"] = f'attachment; filename="{path_of(name).name}"'
    return conditional.cacheable(response)
