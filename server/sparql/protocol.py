"""Reads requests to the SPARQL endpoint, strictly by the SPARQL 1.1 Protocol, 2.1."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

from flask import request

from kg.rdf.formats import FORM_TYPE, QUERY_TYPE, RESULT_FORMATS, UPDATE_TYPE
from kg.rdf.iri import is_iri
from kg.sparql.guard import MAX_CHARACTERS
from server.http.negotiation import named
from server.http.problems import Problem

METHODS = ("GET", "POST", "QUERY")
# Parameters that name a format: ours, and what other endpoints call it.
FORMAT_PARAMETERS = ("format", "output")
_WITHOUT_BODY = ("GET", "HEAD")
ACCEPTED = {"Accept-Post": f"{QUERY_TYPE}, {FORM_TYPE}", "Accept-Query": f"{QUERY_TYPE}, {FORM_TYPE}"}
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")


@dataclass(frozen=True)
class SparqlRequest:
    """A query with its parameters.

    Attributes:
        query: text of the query.
        default_graphs: IRIs given as ``default-graph-uri`` (SPARQL 1.1 Protocol, 2.1.4).
        named_graphs: IRIs given as ``named-graph-uri``.
        labels: language of the label columns to add, or "".
        timeout: time limit in seconds.
    """

    query: str
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    labels: str = ""
    timeout: float = 0.0

    def parts(self) -> tuple[str, ...]:
        """Returns all fields as texts, for an ETag: different requests have different parts."""
        graphs = (*self.default_graphs, "", *self.named_graphs)
        return self.query, self.labels, str(self.timeout), *graphs


def read_request(max_timeout: float) -> SparqlRequest | None:
    """Reads the current request, or returns ``None`` if it asks for the service description.

    Args:
        max_timeout: time limit of the server in seconds; the parameter ``timeout`` can only shorten it.

    Raises:
        Problem: 400, 413 or 415 if the request is not a valid query request (SPARQL 1.1 Protocol, 2.1.7).
    """
    _check_body()
    _check_encoding()
    if "update" in request.values or request.mimetype == UPDATE_TYPE:
        detail = "This endpoint is read-only. Send a query in the parameter query."
        raise Problem(400, "Updates are not supported", detail)
    queries = _parameters("query")
    if request.mimetype == QUERY_TYPE and request.method not in _WITHOUT_BODY:
        queries = [*queries, _direct()]
    if len(queries) > 1:
        raise Problem(400, "More than one query", f"The request has {len(queries)} queries. Send exactly one.")
    if not queries and _asks_for_the_description():
        return None
    if not queries or not queries[0].strip():
        detail = f"Send a SPARQL query as ?query=…, as a form field named query or as a body of type {QUERY_TYPE}."
        raise Problem(400, "No query", detail)
    if len(queries[0]) > MAX_CHARACTERS:
        detail = f"The query has {len(queries[0]):,} characters; the limit is {MAX_CHARACTERS:,}."
        raise Problem(413, "The query is too long", detail, limitCharacters=MAX_CHARACTERS)
    return SparqlRequest(
        queries[0],
        _graphs("default-graph-uri"),
        _graphs("named-graph-uri"),
        _labels(),
        _timeout(max_timeout),
    )


def _asks_for_the_description() -> bool:
    is_of_rows = any(named(RESULT_FORMATS, text) for text in formats())
    return (
        request.method in _WITHOUT_BODY and not {*request.values} - {"release", *FORMAT_PARAMETERS} and not is_of_rows
    )


def _check_body() -> None:
    if request.method in _WITHOUT_BODY:
        return
    if (coding := request.headers.get("Content-Encoding", "").strip()) and coding.lower() != "identity":
        detail = f"The body is encoded as {coding[:40]}. Send it without Content-Encoding."
        raise Problem(415, "Unsupported content coding", detail, {"Accept-Encoding": "identity"})
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if request.mimetype in (FORM_TYPE, QUERY_TYPE, UPDATE_TYPE) and charset in ("utf-8", "utf8"):
        return
    detail = f"Send the query as {QUERY_TYPE}, or as {FORM_TYPE} with a field named query, in UTF-8."
    raise Problem(415, "Unsupported media type", detail, ACCEPTED)


def _check_encoding() -> None:
    """Rejects bytes that are not UTF-8: werkzeug would replace them and run another query than the one sent."""
    place, sent = "URL", request.query_string
    try:
        unquote_to_bytes(sent).decode("utf-8")
        if request.method not in _WITHOUT_BODY:
            place, sent = "body", request.get_data()
            (unquote_to_bytes(sent) if request.mimetype == FORM_TYPE else sent).decode("utf-8")
    except UnicodeDecodeError as error:
        detail = f"The {place} is not valid UTF-8 at byte {error.start}."
        raise Problem(400, "Not UTF-8", detail) from error


def _direct() -> str:
    return request.get_data().decode("utf-8")


def _parameters(name: str) -> list[str]:
    return request.values.getlist(name)


def formats() -> tuple[str, ...]:
    """Returns the names of formats that the request gives, in the order in which they count."""
    return tuple(text for name in FORMAT_PARAMETERS for text in _parameters(name))


def _graphs(name: str) -> tuple[str, ...]:
    # Forms send empty fields, as the one of Virtuoso does.
    given = [iri for iri in _parameters(name) if iri]
    for iri in given:
        if not is_iri(iri):
            detail = f"{name} must be the absolute IRI of a graph, without < >, not {iri[:200]!r}."
            raise Problem(400, "Invalid graph IRI", detail)
    return tuple(given)


def _labels() -> str:
    language = request.values.get("labels", "")
    if language and not _LANGUAGE.fullmatch(language):
        raise Problem(400, "Invalid language", f"labels must be a language tag such as en, not {language[:40]!r}.")
    return language.lower()


def _timeout(max_timeout: float) -> float:
    text = request.values.get("timeout", "")
    try:
        seconds = float(text or 0)
    except ValueError:
        seconds = -1.0
    if not seconds >= 0:
        detail = (
            f"timeout must be a number of seconds such as 2.5, or 0 for the limit of the server, not {text[:40]!r}."
        )
        raise Problem(400, "Invalid timeout", detail)
    return min(seconds or max_timeout, max_timeout)
