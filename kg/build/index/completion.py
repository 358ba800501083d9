"""Writes the completions of the SPARQL editor: classes, properties and labelled entities, in one compact file.

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

# By IRI: name, label, CURIE of its class, and further names.
Completions = dict[str, list[str]]


def entities_of(store: Store, catalogue: Catalogue) -> Completions:
    """Returns the labelled entities of a store, in the order of their IRIs."""
    vocabulary = catalogue.vocabulary
    rows = EmbeddedEngine(store).select(
        catalogue["pages/completion-entities"].fill({"inferred": vocabulary.graph("inferred")})
    )
    entities: Completions = {}
    for row in rows:
        if "label" in row:
            iri, kind = row["entity"].value, vocabulary.shorten(row["kind"].value)
            entities.setdefault(iri, [_local(iri, vocabulary), row["label"].value, kind])
    for row in rows:
        entry = entities.get(row["entity"].value)
        if entry and "name" in row and row["name"].value not in entry[3:]:
            entry.append(row["name"].value)
    return entities


def write(entities: Completions, curated: Store, catalogue: Catalogue, path: Path) -> None:
    """Writes the file, plain and gzipped.

    Args:
        entities: those of all graphs.
        curated: all graphs but those of tables, with the counts in ``graph/metadata``.
        catalogue: the catalogue, which has the queries.
        path: of the file.
    """
    vocabulary, engine = catalogue.vocabulary, EmbeddedEngine(curated)
    rows = engine.select(catalogue["pages/completion-terms"].fill({"metadata": vocabulary.graph("metadata")}))
    terms = _terms(rows, Labels(engine, catalogue), vocabulary)
    classes = [entry for entry in terms if entry.pop("kind") == "class"]
    positions = {entry["name"]: number for number, entry in enumerate(classes)}
    document = {
        "classes": classes,
        "properties": [entry for entry in terms if entry not in classes],
        "entities": [
            [name, label, positions.get(kind, -1), *others]
            for _, (name, label, kind, *others) in sorted(entities.items())
        ],
    }
    content = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
    path.write_bytes(content)
    path.with_name(path.name + ".gz").write_bytes(gzip.compress(content, 9, mtime=0))


def _terms(rows: list[Row], labels: Labels, vocabulary: Vocabulary) -> list[dict[str, Any]]:
    """Returns the terms that have a CURIE; ``count`` is the number of members or triples, lists contain CURIEs."""
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


def _local(iri: str, vocabulary: Vocabulary) -> str:
    """Returns the name of an entity after ``id:``; an ontology term keeps its prefix."""
    return vocabulary.shorten(iri).removeprefix("id:")
