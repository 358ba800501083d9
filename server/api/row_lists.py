"""Tables and other results as lists in RDF: a resource for each row, a property for each column."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Response
from pyoxigraph import Literal, NamedNode, Triple

from kg.catalogue.catalogue import Query, Value
from kg.rdf.formats import Format
from kg.rdf.vocabulary import DCTERMS_DESCRIPTION, DCTERMS_TITLE, OUTSIDE_PREFIXES, RDF_TYPE, RDFS_LABEL
from kg.reader import invocation
from server.api import arguments, queries, responses
from server.api.operation import BASE, Operation, Results, Slice, Table
from server.core.state import AppState, app_state
from server.linked_data import hydra, listings
from server.linked_data.listings import Listing

_COMMENT = OUTSIDE_PREFIXES["rdfs"] + "comment"
_SCHEMA, _SH = hydra.PREFIXES["schema"], hydra.PREFIXES["sh"]


def body(
    current: AppState,
    operation: Operation,
    values: Mapping[str, Value],
    answer: Results | Table,
    page: Slice,
    fmt: Format,
) -> bytes:
    """Writes the answer of an operation as a list in RDF; arguments as ``responses.body``."""
    title = invocation.title_of(current.reader, operation.title_template, operation.parameters, values)
    if isinstance(answer, Table):
        listing = _of_table(current, operation, answer, page, title)
    elif operation.kind == "catalogue":
        listing = _of_queries(current, answer, title)
    else:
        listing = listings.of_entities(current.reader, [one["iri"] for one in answer.results], answer.total, title)
    return listings.body(listing, responses.links(current, page, answer.total), fmt)


def respond(name: str, values: Mapping[str, Value], fmt: Format) -> Response:
    """Sends the rows of a query of the catalogue, for a page that shows them to people.

    Args:
        name: of the query.
        values: of its parameters.
        fmt: the graph format.

    Raises:
        Problem: 400 for an invalid limit or cursor, 410 for a cursor of another release.
    """
    current = app_state()
    operation = queries.query_operation(current.reader.catalogue[name])
    page = arguments.requested_slice(current.reader.release.id, operation, all_rows=False)
    answer = operation.answer(current, values, page)
    if not isinstance(answer, Table):
        raise TypeError(f"{name} does not return a table")
    title = invocation.title_of(current.reader, operation.title_template, operation.parameters, values)
    listing = _of_table(current, operation, answer, page, title)
    around = responses.links(current, page, answer.total)
    around.pop("self")
    return listings.respond(listing, around, fmt)


def column_iri(current: AppState, query: Query, column: str) -> str:
    """Returns the IRI of a column; the list of queries describes it."""
    return f"{_query_iri(current, query.name)}#{column}"


def _query_iri(current: AppState, name: str) -> str:
    return f"{current.reader.vocabulary.base}{BASE.removeprefix('/')}/queries/{name}"


def _of_table(current: AppState, operation: Operation, table: Table, page: Slice, title: str) -> Listing:
    whole = listings.collection_url()
    members, triples, named = [], [], set[str]()
    for number, row in enumerate(table.rows, page.offset + 1):
        member = f"{whole}#row-{number}"
        members.append(member)
        for column in table.columns:
            if column in row:
                term = row[column]
                triples.append(Triple(NamedNode(member), NamedNode(column_iri(current, table.query, column)), term))
                named |= {term.value} if isinstance(term, NamedNode) else set()
    triples += _columns(current, table.query, table.columns, operation.units)
    if not table.total:
        triples.append(hydra.literal(f"{whole}#list", _COMMENT, invocation.NOTHING_RECORDED, "en"))
    triples += listings.about(current.reader, sorted(named))
    return Listing(members, triples, table.total, title, prefixes={"column": column_iri(current, table.query, "")})


def _columns(current: AppState, query: Query, columns: tuple[str, ...], units: Mapping[str, str]) -> list[Triple]:
    """The columns with their names and units; the unit of a number may stand in another column of its row."""
    found = []
    for column in columns:
        iri = column_iri(current, query, column)
        found += [
            hydra.link(iri, RDF_TYPE, OUTSIDE_PREFIXES["rdf"] + "Property"),
            hydra.literal(iri, RDFS_LABEL, column),
        ]
        unit = units.get(column, "")
        if unit and "?" not in unit:
            found.append(hydra.literal(iri, _SCHEMA + "unitText", unit, "en"))
        elif unit:
            found.append(hydra.literal(iri, _COMMENT, f"Its unit is in the columns {unit} of the same row.", "en"))
    return found


def _of_queries(current: AppState, answer: Results, title: str) -> Listing:
    """The queries of the catalogue, as executables of SHACL with the endpoint to send them to."""
    triples: list[Triple] = []
    endpoint = current.urls.sparql_endpoint()
    for one in answer.results:
        query = current.reader.catalogue[one["name"]]
        iri = _query_iri(current, query.name)
        kind = "Construct" if query.is_graph else "Select"
        text = Literal(current.reader.catalogue.example(query))
        triples += [
            hydra.link(iri, RDF_TYPE, _SH + "SPARQLExecutable"),
            hydra.link(iri, RDF_TYPE, f"{_SH}SPARQL{kind}Executable"),
            hydra.literal(iri, DCTERMS_TITLE, query.title, "en"),
            hydra.literal(iri, DCTERMS_DESCRIPTION, query.summary, "en"),
            Triple(NamedNode(iri), NamedNode(_SH + kind.lower()), text),
            hydra.link(iri, _SCHEMA + "target", endpoint),
            *(hydra.literal(iri, _SCHEMA + "keywords", tag, "en") for tag in query.tags),
            *_columns(current, query, query.columns, query.header.units),
        ]
    members = [_query_iri(current, one["name"]) for one in answer.results]
    return Listing(members, triples, answer.total, title)
