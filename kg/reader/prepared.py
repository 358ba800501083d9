"""The results of the queries that a server runs when it starts, written when the release is built.

They are found by the text of the query, so a later version of vitk that asks otherwise evaluates its own query.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import orjson
from pyoxigraph import Literal, NamedNode

from kg.catalogue.catalogue import Catalogue
from kg.engine.embedded.engine import EmbeddedEngine
from kg.rdf.terms import Row, Term
from kg.reader import labels

_WITHOUT_PARAMETERS = (
    *("replacements", "proposition-lines", "propositions", "proposition-roles", "ladder", "desirabilities"),
    *("book-standings", "book-flaws", "counts-by-section"),
)
# An IRI; or value, datatype and language of a literal, the last "" where there is none.
_Json = str | tuple[str, ...]


def queries(catalogue: Catalogue) -> Iterator[str]:
    """Yields the queries that take longest at start-up, with their parameters."""
    yield labels.query_of_curated(catalogue)
    for name in _WITHOUT_PARAMETERS:
        yield catalogue[f"pages/{name}"].fill({})
    for name in ("claims", "evidence"):
        yield catalogue["pages/book-statements"].fill({"graph": catalogue.vocabulary.graph(name)})


def write(engine: EmbeddedEngine, catalogue: Catalogue, path: Path) -> None:
    """Runs the queries and writes their results."""
    found = {}
    for query in queries(catalogue):
        rows = [{column: _to_json(term) for column, term in row.items()} for row in engine.rows(query)]
        # Without an order of its own, a result gets one, so that equal releases are equal.
        found[query] = rows if "ORDER BY" in query else sorted(rows, key=orjson.dumps)
    path.write_bytes(orjson.dumps(found))


def read(path: Path) -> dict[str, list[Row]]:
    """Returns the results by query; nothing of a release that has none."""
    try:
        document = orjson.loads(path.read_bytes())
    except FileNotFoundError:
        return {}
    known: dict[_Json, Term] = {}

    def term(written: str | list[str]) -> Term:
        key = written if isinstance(written, str) else tuple(written)
        if (found := known.get(key)) is None:
            found = known[key] = _from_json(key)
        return found

    return {
        query: [{column: term(written) for column, written in row.items()} for row in rows]
        for query, rows in document.items()
    }


def _to_json(term: Term) -> _Json:
    return term.value if isinstance(term, NamedNode) else (term.value, term.datatype.value, term.language or "")


def _from_json(written: _Json) -> Term:
    if isinstance(written, str):
        return NamedNode(written)
    value, datatype, language = written
    return Literal(value, language=language) if language else Literal(value, datatype=NamedNode(datatype))
