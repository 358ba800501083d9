"""Writes what the SPARQL editor completes: classes, properties and things by their labels, in one compact file.

The file is JSON. ``classes`` and ``properties`` are objects; each entry of ``entities`` is a list of name (without
``id:``), label, position of its class in ``classes``, and further names.
"""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode, Store

from kg.catalogue.catalogue import Catalogue
from kg.engine.embedded.engine import EmbeddedEngine
from kg.rdf.terms import Row
from kg.rdf.vocabulary import Vocabulary
from kg.reader.labels import Labels


def write(store: Store, catalogue: Catalogue, path: Path) -> int:
    """Writes the file, plain and gzipped beside it, and returns the number of things in it."""
    vocabulary, engine = catalogue.vocabulary, EmbeddedEngine(store)
    rows = engine.select(catalogue["pages/completion-terms"].fill({"metadata": vocabulary.graph("metadata")}))
    terms = _terms(rows, Labels(engine, catalogue), vocabulary)
    classes = [entry for entry in terms if entry.pop("kind") == "class"]
    positions = {entry["name"]: number for number, entry in enumerate(classes)}
    found = engine.select(catalogue["pages/completion-entities"].fill({"inferred": vocabulary.graph("inferred")}))
    entities = _entities(found, positions, vocabulary)
    document = {
        "classes": classes,
        "properties": [entry for entry in terms if entry not in classes],
        "entities": entities,
    }
    content = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    path.write_bytes(content)
    path.with_name(path.name + ".gz").write_bytes(gzip.compress(content, 9, mtime=0))
    return len(entities)


def _terms(rows: list[Row], labels: Labels, vocabulary: Vocabulary) -> list[dict[str, Any]]:
    """Terms with a CURIE; ``count`` is of members or of triples, and lists hold CURIEs."""
    fallback = labels.of(row["term"].value for row in rows)
    terms: dict[str, dict[str, Any]] = {}
    for row in rows:
        curie = vocabulary.shorten(row["term"].value)
        if curie == row["term"].value:
            continue
        empty = {
            "name": curie,
            "kind": row["kind"].value,
            "label": fallback[row["term"].value],
            "definition": "",
            "count": 0,
        }
        entry = terms.setdefault(curie, empty)
        if "definition" in row:
            entry["definition"] = row["definition"].value
        if "count" in row:
            entry["count"] = max(entry["count"], int(row["count"].value))
        for column in ("domain", "range", "above"):
            value = row.get(column)
            if isinstance(value, NamedNode) and vocabulary.shorten(value.value) not in entry.setdefault(column, []):
                entry[column].append(vocabulary.shorten(value.value))
    return list(terms.values())


def _entities(rows: list[Row], positions: dict[str, int], vocabulary: Vocabulary) -> list[list[Any]]:
    entities: dict[str, list[Any]] = {}
    for row in rows:
        name = _local(row, vocabulary)
        if "label" in row:
            position = positions.get(vocabulary.shorten(row["kind"].value), -1)
            entities.setdefault(name, [name, row["label"].value, position])
    for row in rows:
        entry = entities.get(_local(row, vocabulary))
        if entry and "name" in row and row["name"].value not in entry[3:]:
            entry.append(row["name"].value)
    return list(entities.values())


def _local(row: Row, vocabulary: Vocabulary) -> str:
    """What a thing is called after ``id:``; a term of the ontology keeps its prefix."""
    return vocabulary.shorten(row["entity"].value).removeprefix("id:")
