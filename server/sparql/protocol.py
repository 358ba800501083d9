"""What a request to the SPARQL endpoint asks: the SPARQL 1.1 Protocol, read strictly."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from flask import request
from pyoxigraph import NamedNode

from kg.rdf.formats import FORM_TYPE, QUERY_TYPE, RESULT_FORMATS, UPDATE_TYPE
from kg.sparql.guard import MAX_CHARACTERS
from server.http.problems import Problem

METHODS = ("GET", "POST", "QUERY")
_WITHOUT_BODY = ("GET", "HEAD")
ACCEPTED = {"Accept-Post": f"{QUERY_TYPE}, {FORM_TYPE}", "Accept-Query": f"{QUERY_TYPE}, {FORM_TYPE}"}
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")


@dataclass(frozen=True)
class SparqlRequest:
    """A query with its parameters."""

    query: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    labels: str = ""
    timeout: float = 0.0

    def parts(self) -> tuple[str, ...]:
        """All of it as texts; no two that differ have the same."""
        graphs = (*self.default_graphs, "", *self.named_graphs)
        return self.query, self.labels, str(self.timeout), *graphs


def read_request(longest: float) -> SparqlRequest | None:
    """What the current request asks, or ``None`` where it asks nothing at all.

    Args:
        longest: seconds that a query may take; ``timeout`` can only shorten them.

    Raises:
        Problem: what keeps the request from being a query.
    """
    _check_body()
    _check_encoding()
    if "update" in request.values or request.mimetype == UPDATE_TYPE:
        raise Problem(400, "Updates are not run", "This endpoint only reads; give a query as query.")
    queries = _parameters("query")
    if request.mimetype == QUERY_TYPE and request.method not in _WITHOUT_BODY:
        queries = [*queries, _direct()]
    if len(queries) > 1:
        raise Problem(400, "More than one query", f"{len(queries)} queries were given. Give exactly one.")
    if not queries and _asks_for_the_description():
        return None
    if not queries or not queries[0].strip():
        detail = f"Give a SPARQL query as ?query=…, as a form field named query or as a body of type {QUERY_TYPE}."
        raise Problem(400, "No query", detail)
    if len(queries[0]) > MAX_CHARACTERS:
        detail = f"The query has {len(queries[0]):,} characters; at most {MAX_CHARACTERS:,} are read."
        raise Problem(413, "The query is too long", detail, limitCharacters=MAX_CHARACTERS)
    return SparqlRequest(
        queries[0],
        _graphs("default-graph-uri"),
        _graphs("named-graph-uri"),
        _labels(),
        _timeout(longest),
    )


def _asks_for_the_description() -> bool:
    is_of_rows = request.values.get("format", "") in {fmt.name for fmt in RESULT_FORMATS}
    return request.method in _WITHOUT_BODY and not {*request.values} - {"release", "format"} and not is_of_rows


def _check_body() -> None:
    if request.method in _WITHOUT_BODY:
        return
    if (coding := request.headers.get("Content-Encoding", "identity")) != "identity":
        detail = f"The body is compressed as {coding[:40]}. Send it as it is."
        raise Problem(415, "Unsupported content coding", detail, {"Accept-Encoding": "identity"})
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if request.mimetype in (FORM_TYPE, QUERY_TYPE, UPDATE_TYPE) and charset in ("utf-8", "utf8"):
        return
    detail = f"Send the query as {QUERY_TYPE}, or as {FORM_TYPE} with a field named query, in UTF-8."
    raise Problem(415, "Unsupported media type", detail, ACCEPTED)


def _check_encoding() -> None:
    """What is not UTF-8 would be replaced, and another query run than the one that was sent."""
    place, sent = "address", request.query_string
    try:
        unquote_to_bytes(sent).decode("utf-8")
        if request.method not in _WITHOUT_BODY:
            place, sent = "body", request.get_data()
            (unquote_to_bytes(sent) if request.mimetype == FORM_TYPE else sent).decode("utf-8")
    except UnicodeDecodeError as error:
        detail = f"The {place} is not UTF-8: byte {error.start} can't be read."
        raise Problem(400, "Not UTF-8", detail) from error


def _direct() -> str:
    return request.get_data().decode("utf-8")


def _parameters(name: str) -> list[str]:
    return request.values.getlist(name)


def _graphs(name: str) -> tuple[str, ...]:
    for iri in (given := _parameters(name)):
        try:
            NamedNode(iri)
        except ValueError as error:
            detail = f"{name} takes the absolute IRI of a graph, in full and without < >, not {iri[:200]!r}."
            raise Problem(400, "No such graph", detail) from error
    return tuple(given)


def _labels() -> str:
    language = request.values.get("labels", "")
    if language and not _LANGUAGE.fullmatch(language):
        raise Problem(400, "No such language", f"labels takes a language, such as en, not {language[:40]!r}.")
    return language.lower()


def _timeout(longest: float) -> float:
    given = request.values.get("timeout", "")
    if not given:
        return longest
    try:
        seconds = float(given)
    except ValueError:
        seconds = 0.0
    if not seconds > 0:
        raise Problem(400, "No such time", f"timeout takes seconds, such as 2.5, not {given[:40]!r}.")
    return min(seconds, longest)
