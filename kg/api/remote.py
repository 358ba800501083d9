"""A running vitk server."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode, urljoin

from pyoxigraph import Literal, NamedNode
from rdflib import Dataset, Graph, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from rdflib.query import Result

from kg.api.frames import Answer, frame, listed
from kg.errors import VitkError
from kg.rdf.terms import Row, Term
from kg.rdf.vocabulary import Vocabulary

if TYPE_CHECKING:
    from pandas import DataFrame

_TIMEOUT = 60.0
_BASE = "https://w3id.org/vitk/"


class _Store(SPARQLStore):
    """The store of rdflib, which returns a tuple where the server answers an error."""

    def query(self, *args: Any, **kwargs: Any) -> Result:
        found = super().query(*args, **kwargs)
        if isinstance(found, tuple):
            raise VitkError(f"{self.query_endpoint} answers: {found[1]}.")
        return found


class Endpoint:
    """A server at a URL; ``base_iri`` is that of its graph, if it is not vitk's own."""

    def __init__(self, url: str, base_iri: str = _BASE) -> None:
        if not url.startswith(("http://", "https://")):
            raise VitkError(f"{url!r} is not the URL of a server, such as http://127.0.0.1:8000.")
        self.url = url.rstrip("/")
        self.base_iri = base_iri

    def store(self) -> SPARQLStore:
        """Returns the store of rdflib that sends each pattern and each query to the server."""
        store = _Store(self.url + "/sparql", returnFormat="json", method="POST_FORM")
        for prefix, start in Vocabulary(self.base_iri).prefixes.items():
            store.bind(prefix, URIRef(start))
        return store

    def graph(self, name: str = "") -> Graph:
        """Returns a read-only graph on the server: run SPARQL on it, since every pattern is a request of its own.

        Args:
            name: such as ``claims`` or ``evidence``, or its IRI; without one, all graphs of vitk together.
        """
        if not name:
            return Dataset(self.store(), default_union=True)
        iri = name if ":" in name else Vocabulary(self.base_iri).graph(name)
        return Graph(self.store(), identifier=URIRef(iri))

    def frame(self, query: str, **parameters: object) -> DataFrame:
        """Returns all rows of a query of the catalogue, all of one release; see ``kg.api.frames.frame``.

        Args:
            query: its name, such as ``foods-by-form``.
            parameters: entities as IRIs, CURIEs or names (``form="mk-7"``), numbers and choices.

        Raises:
            VitkError: the server cannot be reached, or refuses; with what it says.
        """
        given = {**{name: str(value) for name, value in parameters.items()}, "cells": "typed"}
        pages = list(self._pages(f"/api/v1/queries/{quote(query)}?{urlencode(given)}"))
        first, cells = pages[0], [row for page in pages for row in page["results"]]
        about = {
            "title": first["title"],
            "summary": self._listing[query]["summary"],
            "query": query,
            "parameters": first["parameters"],
            "release": first["release"],
            "units": {one["name"]: one["unit"] for one in first["columns"] if "unit" in one},
        }
        rows = [_row(one) for one in cells]
        return frame(Answer([one["name"] for one in first["columns"]], rows, _labels(cells), about))

    def queries(self, words: str = "") -> DataFrame:
        """Returns name, title and parameters of the queries that contain all the words."""
        wanted = words.casefold().split()
        found = [one for one in self._listing.values() if all(word in _searched(one) for word in wanted)]
        return listed((one["name"], one["title"], " ".join(_parameters(one))) for one in found)

    @cached_property
    def _listing(self) -> dict[str, Any]:
        return {one["name"]: one for page in self._pages("/api/v1/queries") for one in page["results"]}

    def _pages(self, path: str) -> Iterator[Any]:
        address = self.url + path
        while address:
            document = self._get(address)
            yield document
            following = document["links"].get("next", "")
            address = urljoin(address, following) if following else ""

    def _get(self, address: str) -> Any:
        request = urllib.request.Request(address, headers={"Accept": "application/json"})  # noqa: S310 - http(s) alone
        try:
            with urllib.request.urlopen(request, timeout=_TIMEOUT) as response:  # noqa: S310
                return json.load(response)
        except urllib.error.HTTPError as error:
            raise VitkError(_problem(error)) from error
        except (OSError, ValueError) as error:
            raise VitkError(f"{self.url} does not answer as a vitk server: {error}.") from error


def connect(url: str, base_iri: str = _BASE) -> Endpoint:
    """Returns a server to query; nothing is sent yet.

    Args:
        url: of the server, with its path if it has one, such as ``http://127.0.0.1:8000``.
        base_iri: of its graph, if it is not vitk's own.

    Raises:
        VitkError: it is not a URL of HTTP.
    """
    return Endpoint(url, base_iri)


def _row(cells: Mapping[str, Any]) -> Row:
    return {name: _term(cell) for name, cell in cells.items() if "type" in cell}


def _term(cell: Mapping[str, str]) -> Term:
    if cell["type"] == "uri":
        return NamedNode(cell["value"])
    if "xml:lang" in cell:
        return Literal(cell["value"], language=cell["xml:lang"])
    return Literal(cell["value"], datatype=NamedNode(cell["datatype"]))


def _labels(rows: list[Any]) -> dict[str, str]:
    """The label of each entity, and the symbol of each unit that has one."""
    cells = [cell for row in rows for cell in row.values() if cell.get("type") == "uri"]
    return {cell["value"]: cell.get("symbol") or cell["label"] for cell in cells}


def _parameters(query: Mapping[str, Any]) -> list[str]:
    return [one["name"] for one in query["parameters"]]


def _searched(query: Mapping[str, Any]) -> str:
    texts = (query["name"], query["title"], query["summary"], *query["tags"], *_parameters(query))
    return " ".join(texts).casefold()


def _problem(error: urllib.error.HTTPError) -> str:
    """What a problem document says, else the status."""
    try:
        return str(json.load(error)["detail"])
    except (ValueError, KeyError, TypeError):
        return f"{error.url} answers {error.code} {error.reason}."
