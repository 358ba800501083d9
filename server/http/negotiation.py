"""Proactive content negotiation (RFC 9110, 12.1): ``?format=`` or Accept → a format of ``kg.rdf.formats``.

Preferences are weighed by werkzeug's ``best_match``; this adds ``?format=`` and media types with parameters.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from flask import Response, g, request
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from kg.rdf.formats import BY_NAME, Format
from server.http.bounded_cache import bounded_cache
from server.http.problems import Problem

# Other names of formats, as clients of SPARQL endpoints send them.
_ALIASES = {
    "turtle": "ttl", "n3": "ttl", "json-ld": "jsonld", "ntriples": "nt", "n-triples": "nt", "nquads": "nq",
    "n-quads": "nq", "rdf+xml": "rdf", "rdfxml": "rdf", "rdf/xml": "rdf", "xml": "rdf",
}  # fmt: skip
# Of a format and an Accept header; browsers send 150.
_CACHED_CHARACTERS = 1 << 10


def acceptable(offered: Sequence[Format]) -> Format | None:
    """Returns the offered format that the request prefers, or ``None`` if it accepts none of them.

    ``?format=`` overrides Accept. A request with neither gets the first format.
    """
    g.negotiated = True
    return best(tuple(offered), request.values.get("format", ""), request.headers.get("Accept"))


def with_vary(response: Response) -> Response:
    """Adds ``Vary: Accept`` if Accept decided about the response, be it the document, a 304 or an error."""
    if "negotiated" in g and "accept" not in response.vary:
        response.vary.add("Accept")
    return response


@bounded_cache(1024, _CACHED_CHARACTERS)
def best(offered: tuple[Format, ...], requested: str, accept: str | None) -> Format | None:
    """Chooses a format as ``acceptable`` does.

    Args:
        offered: the formats to choose from, in the server's order of preference.
        requested: value of ``?format=``, or "".
        accept: value of the Accept header, or ``None`` if there was none.
    """
    if requested:
        return named(offered, requested)
    if accept is None or not accept.strip():
        return offered[0]
    by_type = {fmt.media_type: fmt for fmt in offered}
    by_type |= {other: fmt for fmt in offered for other in fmt.media_types[1:] if other not in by_type}
    media_type = _accepted(accept, by_type).best_match(list(by_type))
    return by_type[media_type].answering_as(media_type) if media_type else None


def named(offered: Sequence[Format], requested: str) -> Format | None:
    """Returns the offered format with this name, else the one with this alias or media type, else ``None``."""
    by_name = {fmt.name: fmt for fmt in offered}
    alias = _ALIASES.get(requested.lower(), "")
    by_type = {media_type: fmt for fmt in offered for media_type in fmt.media_types}
    return by_name.get(requested) or by_name.get(alias) or by_type.get(requested.lower())


def _accepted(accept: str, offered: Collection[str]) -> MIMEAccept:
    """The ranges that match an offered media type: weighing each of many ranges against each type takes long."""
    known = {"*", "*/*", *offered, *(media_type.partition("/")[0] + "/*" for media_type in offered)}
    return MIMEAccept([(plain, quality) for plain, quality in _ranges(accept).items() if plain in known])


# One request is weighed for pages, results and graphs.
@bounded_cache(32, _CACHED_CHARACTERS)
def _ranges(accept: str) -> dict[str, float]:
    """Ranges with their qualities, without charset, profile and other parameters: no two formats here differ by these
    alone."""
    qualities: dict[str, float] = {}
    for media_range, quality in parse_accept_header(accept, MIMEAccept):
        plain = media_range.partition(";")[0].strip().lower()
        qualities[plain] = max(quality, qualities.get(plain, 0))
    return qualities


def negotiate(offered: Sequence[Format]) -> Format:
    """Returns the offered format that the request prefers, as ``acceptable`` does.

    Raises:
        Problem: 400 for an unknown ``?format=``, 406 if no offered format is acceptable (RFC 9110, 15.5.7). Both list
            the available formats.
    """
    chosen = acceptable(offered)
    if chosen is None:
        raise not_acceptable(offered)
    return chosen


def not_acceptable(offered: Sequence[Format]) -> Problem:
    """Returns the problem for a request that accepts no offered format. It lists the available formats."""
    available = [{"format": fmt.name, "mediaType": fmt.media_type} for fmt in offered]
    names = ", ".join(f"{fmt.name} ({fmt.media_type})" for fmt in offered)
    requested = request.values.get("format", "")
    if requested and requested not in BY_NAME:
        detail = f"{requested[:40]!r} is not a format. Available formats: {names}."
        return Problem(400, "Unknown format", detail, available=available)
    return Problem(406, "Not acceptable", f"Available formats: {names}.", available=available)
