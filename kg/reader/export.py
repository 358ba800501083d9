"""Exports parts of a release to files: the ontology, the complete dataset, and a diagram of the class tree."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, PackageLoader

from kg.errors import VitkError
from kg.rdf.formats import BY_NAME, GRAPH_FORMATS
from kg.rdf.natural_order import natural_key
from kg.reader.reader import Reader

PARTS = ("ontology", "dataset", "classes")
_ROW, _INDENT, _COLUMN = 20, 22, 560


def export(reader: Reader, part: str, target: Path) -> None:
    """Writes one part to a file, in the format given by the file's suffix.

    Args:
        reader: the release.
        part: one of ``PARTS``.
        target: the file to write; ``.svg`` for the classes, otherwise the suffix of a graph format.

    Raises:
        VitkError: the suffix does not fit the part, or the file cannot be written.
    """
    suffix = target.suffix.removeprefix(".")
    if part == "classes":
        if suffix != "svg":
            raise VitkError(f"{target}: the class tree is exported as SVG; use the suffix .svg.")
        content = class_tree(reader).encode()
    else:
        fmt = BY_NAME.get(suffix)
        if fmt not in GRAPH_FORMATS:
            raise VitkError(f"{target}: unknown suffix; use one of {', '.join(known.name for known in GRAPH_FORMATS)}.")
        content = reader.ontology(fmt) if part == "ontology" else reader.dataset(fmt)
    try:
        target.write_bytes(content)
    except OSError as error:
        raise VitkError(f"{target}: cannot be written: {error.strerror}.") from error


def class_tree(reader: Reader) -> str:
    """Draws the classes of the ontology as a tree in columns; returns SVG."""
    rows = reader.run("pages/class-tree", {})
    above = {row["class"].value: row["above"].value for row in rows if "above" in row}
    labels = {row["class"].value: row["label"].value for row in rows}
    ordered: list[tuple[int, str]] = []

    def visit(iri: str, depth: int) -> None:
        ordered.append((depth, labels[iri]))
        for child in sorted((c for c in labels if above.get(c) == iri), key=lambda c: natural_key(labels[c])):
            visit(child, depth + 1)

    for root in sorted((iri for iri in labels if iri not in above), key=lambda iri: natural_key(labels[iri])):
        visit(root, 0)
    per_column = -(-len(ordered) // 2)
    boxes = []
    last_at: dict[int, tuple[int, int]] = {}
    for place, (depth, label) in enumerate(ordered):
        column, row = divmod(place, per_column)
        x, y = column * _COLUMN + depth * _INDENT + 20, row * _ROW + 30
        last_at[depth] = (x, y)
        parent = last_at.get(depth - 1) if depth else None
        boxes.append({"x": x, "y": y, "label": label, "parent": parent if parent and parent[1] < y else None})
    templates = Environment(loader=PackageLoader("kg", "templates"), autoescape=True)
    size = {"width": 2 * _COLUMN, "height": per_column * _ROW + 40}
    return templates.get_template("class-tree.svg").render(boxes=boxes, **size)
