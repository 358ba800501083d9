"""Cells of tables in JSON: plain values, or typed ones on request.

A plain text is a string in the language that the document states once, a number is a number, and an entity has IRI,
label and address. Typed cells are those of SPARQL 1.1 Query Results JSON Format, with label and address beside.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import request
from pyoxigraph import Literal, NamedNode

from kg.amounts import UNIT_SYMBOLS
from kg.rdf.json_values import literal
from kg.rdf.terms import Term
from kg.reader.entity import Reference
from kg.reader.query_parameters import FieldError
from kg.reader.reader import Reader
from server.api.operation import Table
from server.api.schemas import FLAWS, STRING
from server.core.references import reference
from server.core.urls import Urls

PARAMETER = "cells"
PLAIN, TYPED = "plain", "typed"
CHOICES = (PLAIN, TYPED)
LANGUAGE = "en"
_LABELLED = {"label": STRING, "url": STRING, "symbol": STRING, "flaws": FLAWS}
SCHEMA = {
    "description": "A text, a number, true or false, or an entity; a unit has its symbol, a claim its flaws. With "
    "cells=typed, as in SPARQL results in JSON, with label and url beside.",
    "anyOf": [
        {"type": ["string", "number", "boolean"]},
        {
            "type": "object",
            "properties": {"iri": STRING, **_LABELLED},
            "required": ["iri", "label", "url"],
            "additionalProperties": False,
        },
        {
            "type": "object",
            "properties": {
                "type": {"type": "string", "enum": ["uri", "literal"]},
                "value": STRING,
                "datatype": STRING,
                "xml:lang": STRING,
                **_LABELLED,
            },
            "required": ["type", "value"],
            "additionalProperties": False,
        },
    ],
}


def requested_form() -> str:
    """Returns the form of cells that the request asks for."""
    return request.args.get(PARAMETER) or PLAIN


def problem_of_form() -> list[FieldError]:
    """Returns an error if the request asks for an unknown form."""
    text = requested_form()
    if text in CHOICES:
        return []
    return [FieldError(PARAMETER, f"{PARAMETER} must be one of {', '.join(CHOICES)}; {text[:40]!r} is not.", CHOICES)]


def rows(table: Table, reader: Reader, urls: Urls, form: str) -> list[dict[str, Any]]:
    """Returns the rows with a cell for each column that is bound.

    Args:
        table: the rows.
        reader: the release, for labels.
        urls: of the request.
        form: one of ``CHOICES``.
    """
    references = reader.references(list(table.rows), *table.columns)
    cell = _typed if form == TYPED else _plain
    return [
        {column: cell(row[column], references, urls) for column in table.columns if column in row} for row in table.rows
    ]


def languages(table: Table, column: str) -> list[str]:
    """Returns the languages of the texts in a column, if any text is in another than ``LANGUAGE``."""
    found = {term.language for row in table.rows if isinstance(term := row.get(column), Literal) and term.language}
    return sorted(found) if found - {LANGUAGE} else []


def _plain(term: Term, references: Mapping[str, Reference], urls: Urls) -> Any:
    return literal(term.value, term.datatype.value) if isinstance(term, Literal) else _entity(term, references, urls)


def _typed(term: Term, references: Mapping[str, Reference], urls: Urls) -> dict[str, str]:
    if not isinstance(term, Literal):
        named = _entity(term, references, urls)
        return {"type": "uri", "value": named.pop("iri"), **named}
    kind = {"xml:lang": term.language} if term.language else {"datatype": term.datatype.value}
    return {"type": "literal", "value": term.value, **kind}


def _entity(term: NamedNode, references: Mapping[str, Reference], urls: Urls) -> dict[str, str]:
    symbol = {"symbol": UNIT_SYMBOLS[term.value]} if term.value in UNIT_SYMBOLS else {}
    return {**reference(references[term.value], urls), **symbol}
