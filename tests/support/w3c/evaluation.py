"""Reads the manifests of the W3C's SPARQL 1.0 and 1.1 evaluation tests, and compares results with those expected."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
    parse,
    parse_query_results,
)

ADDRESS = "http://example.org/w3c/"
MANIFESTS = (
    *("sparql10/manifest-evaluation.ttl", "sparql11/manifest-sparql11-query.ttl"),
    "sparql11/manifest-sparql11-results.ttl",
)
_MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
_QT = "http://www.w3.org/2001/sw/DataAccess/tests/test-query#"
_RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_FORMATS = {
    ".srx": QueryResultsFormat.XML,
    ".srj": QueryResultsFormat.JSON,
    ".tsv": QueryResultsFormat.TSV,
}
# Tests compare terms, whatever they are.
_Term = Any


@dataclass(frozen=True)
class Case:
    """A test.

    Attributes:
        name: its folder and its name.
        query: the text of the query, with its base.
        data: paths of the files of the default graph, below the folder of the suite.
        named: those of the named graphs.
        result: the file with the expected result.
        address: its IRI.
        is_lax: whether repeated rows may be left out.
    """

    name: str
    query: str
    data: tuple[str, ...]
    named: tuple[str, ...]
    result: Path
    address: str
    is_lax: bool

    @property
    def says_its_dataset(self) -> bool:
        """Whether the query itself names its graphs."""
        return re.search(r"\bFROM\b", self.query) is not None


def cases(folder: Path) -> list[Case]:
    """Returns the tests of a copy of the suite, in the order of its manifests."""
    return [case for manifest in MANIFESTS for part in _included(folder, manifest) for case in _cases(folder, part)]


def _read(folder: Path, manifest: str) -> Store:
    store = Store()
    store.load(path=str(folder / manifest), format=RdfFormat.TURTLE, base_iri=ADDRESS + manifest)
    return store


def _included(folder: Path, manifest: str) -> list[str]:
    store = _read(folder, manifest)
    heads = _objects(store, None, _MF + "include")
    return [str(node.value).removeprefix(ADDRESS) for head in heads for node in _list(store, head)]


def _cases(folder: Path, manifest: str) -> Iterator[Case]:
    store = _read(folder, manifest)
    kinds = {NamedNode(_MF + "QueryEvaluationTest"), NamedNode(_MF + "CSVResultFormatTest")}
    for head in _objects(store, None, _MF + "entries"):
        for test in _list(store, head):
            if _one(store, test, _RDF + "type") not in kinds:
                continue
            action, result = _one(store, test, _MF + "action"), _one(store, test, _MF + "result")
            query = _one(store, action, _QT + "query").value
            text = (folder / query.removeprefix(ADDRESS)).read_text("utf-8")
            name = _one(store, test, _MF + "name").value
            yield Case(
                f"{Path(manifest).parent.name}/{name}",
                f"BASE <{query}>\n{text}",
                _paths(store, action, "data"),
                _paths(store, action, "graphData"),
                folder / result.value.removeprefix(ADDRESS),
                result.value,
                any(store.quads_for_pattern(test, NamedNode(_MF + "resultCardinality"), None)),
            )


def _paths(store: Store, action: _Term, name: str) -> tuple[str, ...]:
    return tuple(sorted(node.value.removeprefix(ADDRESS) for node in _objects(store, action, _QT + name)))


def _objects(store: Store, subject: _Term, predicate: str) -> list[_Term]:
    return [quad.object for quad in store.quads_for_pattern(subject, NamedNode(predicate), None)]


def _one(store: Store, subject: _Term, predicate: str) -> _Term:
    return _objects(store, subject, predicate)[0]


def _list(store: Store, head: _Term) -> Iterator[_Term]:
    while head.value != _RDF + "nil":
        yield _one(store, head, _RDF + "first")
        head = _one(store, head, _RDF + "rest")


def is_expected(case: Case, media_type: str, body: bytes) -> bool:
    """Whether a response is the expected result.

    Args:
        case: the test.
        media_type: of the response: N-Triples of a graph, SPARQL JSON, or CSV where the test is about that.
        body: of the response.
    """
    suffix = case.result.suffix
    if suffix == ".csv":
        return _table(body.decode()) == _table(case.result.read_text("utf-8"))
    if "n-triples" in media_type:
        expected = parse(path=str(case.result), base_iri=case.address)
        return _canonical(parse(body, format=RdfFormat.N_TRIPLES)) == _canonical(expected)
    found = parse_query_results(body, format=QueryResultsFormat.JSON)
    if suffix in _FORMATS:
        wanted = parse_query_results(path=str(case.result), format=_FORMATS[suffix])
        if isinstance(wanted, QueryBoolean) or isinstance(found, QueryBoolean):
            return isinstance(found, QueryBoolean) and isinstance(wanted, QueryBoolean) and bool(wanted) == bool(found)
        return _rows(wanted, case.is_lax) == _rows(found, case.is_lax)
    return _is_result_set(case, found)


def _table(text: str) -> list[list[tuple[str, str]]]:
    """The rows of CSV in some order; the columns of ``SELECT *`` may come in any."""
    return sorted(sorted(row.items()) for row in csv.DictReader(io.StringIO(re.sub(r"_:\w+", "_:", text))))


def _is_result_set(case: Case, found: QuerySolutions | QueryBoolean) -> bool:
    """Compares with a result that is written in RDF; only then may the order of rows matter."""
    store = Store()
    store.load(path=str(case.result), base_iri=case.address)
    booleans = _objects(store, None, _RS + "boolean")
    if isinstance(found, QueryBoolean):
        return bool(booleans) and (booleans[0].value == "true") == bool(found)
    rows = []
    has_order = False
    for solution in _objects(store, None, _RS + "solution"):
        bindings = _objects(store, solution, _RS + "binding")
        row = {_one(store, one, _RS + "variable").value: _one(store, one, _RS + "value") for one in bindings}
        index = _objects(store, solution, _RS + "index")
        has_order |= bool(index)
        rows.append((int(index[0].value) if index else 0, row))
    names = [name.value for name in _objects(store, None, _RS + "resultVariable")]
    has_names = not names or {variable.value for variable in found.variables} == set(names)
    wanted, given = [row for _, row in sorted(rows, key=lambda pair: pair[0])], _bindings(found)
    if case.is_lax:
        wanted, given = _distinct(wanted), _distinct(given)
    return has_names and _canonical(_as_quads(wanted, has_order)) == _canonical(_as_quads(given, has_order))


def _distinct(rows: list[dict[str, _Term]]) -> list[dict[str, _Term]]:
    return [dict(row) for row in {frozenset(row.items()) for row in rows}]


def _bindings(solutions: QuerySolutions) -> list[dict[str, _Term]]:
    names = [variable.value for variable in solutions.variables]
    return [{name: row[name] for name in names if row[name] is not None} for row in solutions]


def _rows(solutions: QuerySolutions, is_lax: bool) -> tuple[set[str], set[Quad]]:
    names = {variable.value for variable in solutions.variables}
    rows = _distinct(_bindings(solutions)) if is_lax else _bindings(solutions)
    return names, _canonical(_as_quads(rows, has_order=False))


def _as_quads(rows: list[dict[str, _Term]], has_order: bool) -> Iterator[Quad]:
    """Each row as a node of its own, so that blank nodes may have any names."""
    for position, row in enumerate(rows):
        node = BlankNode(f"row{position}")
        yield Quad(node, NamedNode("urn:row"), Literal(str(position if has_order else "")))
        for name, value in row.items():
            yield Quad(node, NamedNode(f"urn:column:{name}"), value)


def _canonical(quads: object) -> set[Quad]:
    # A store writes numbers in one way only, and loses how they were written.
    store = Store()
    store.extend(quads)  # type: ignore[arg-type]
    dataset = Dataset(store)
    dataset.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return set(dataset)
