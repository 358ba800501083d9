"""Proactive content negotiation (RFC 9110, 12.1): ``?format=`` or Accept → a format of ``kg.rdf.formats``.

Preferences are weighed by werkzeug's ``best_match``; this adds ``?format=`` and media types with parameters.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from functools import cache

from flask import Response, g, request
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from kg.rdf.formats import ALL_FORMATS, HTML, Format
from server.http.bounded_cache import bounded_cache
from server.http.problems import Problem

# Other names of formats, as clients of SPARQL endpoints send them. Media types need no alias, nor do their subtypes.
# N-Triples were text/plain before they had a media type of their own.
_ALIASES = {
    "json-ld": "jsonld", "json": "jsonld", "ntriples": "nt", "text/plain": "nt", "nquads": "nq", "rdfxml": "rdf",
    "rdf/xml": "rdf", "xml": "rdf", "application/xml": "rdf", "text/xml": "rdf",
}  # fmt: skip
# A weight as clients write it: with white space, above 1, below 0 or no number at all; RFC 9110, 12.4.2 allows neither.
_WEIGHT = re.compile(r"\s*;\s*q\s*=\s*([^;,\s]*)\s*(?=[;,]|$)", re.IGNORECASE)
# Of a format and an Accept header; browsers send 150.
_CACHED_CHARACTERS = 1 << 10


def acceptable(offered: Sequence[Format]) -> Format | None:
    """Returns the offered format that the request prefers, or ``None`` if it accepts none of them.

    ``?format=`` overrides Accept, as ``best`` says. A request with neither gets the first format.
    """
    g.negotiated = True
    return best(tuple(offered), request.values.get("format", ""), request.headers.get("Accept"))


def with_vary(response: Response) -> Response:
    """Adds to Vary what decided about the response, be it the document, a 304 or an error: Accept, Accept-Profile."""
    if "negotiated" in g and "accept" not in response.vary:
        response.vary.add("Accept")
    if "negotiated_profile" in g:
        response.vary.add("Accept-Profile")
    return response


@bounded_cache(1024, _CACHED_CHARACTERS)
def best(offered: tuple[Format, ...], requested: str, accept: str | None) -> Format | None:
    """Chooses a format as ``acceptable`` does.

    A value of ``?format=`` that names none of the offered formats is an error where nothing else decides; it does not
    stand in the way of an Accept header that names a format of data.

    Args:
        offered: the formats to choose from, in the server's order of preference.
        requested: value of ``?format=``, or "".
        accept: value of the Accept header, or ``None`` if there was none.
    """
    if requested:
        return named(offered, requested) or _named_by_accept(offered, accept)
    if accept is None or not accept.strip(" ,;"):
        return offered[0]
    by_type = {fmt.media_type: fmt for fmt in offered}
    by_type |= {other: fmt for fmt in offered for other in fmt.media_types[1:] if other not in by_type}
    media_type = _accepted(accept, by_type).best_match(list(by_type))
    return by_type[media_type].answering_as(media_type) if media_type else None


def named(offered: Sequence[Format], requested: str) -> Format | None:
    """Returns the offered format with this name, media type (with or without its first part) or alias, else ``None``.

    A plus sign may have become a space, as in a URL where it is not percent-encoded.
    """
    name = requested.partition(";")[0].strip().lower().replace(" ", "+")
    known = _names(tuple(offered))
    return known.get(name) or known.get(_ALIASES.get(name, ""))


@cache
def _names(offered: tuple[Format, ...]) -> dict[str, Format]:
    """The names of formats; where two formats share one, it means the first."""
    types = [(media_type, fmt) for fmt in offered for media_type in fmt.media_types]
    pairs = [
        *((fmt.name, fmt) for fmt in offered),
        *types,
        *((media_type.partition("/")[2], fmt) for media_type, fmt in types),
    ]
    return dict(reversed(pairs))


def _named_by_accept(offered: tuple[Format, ...], accept: str | None) -> Format | None:
    """The format that the Accept header prefers, if it is of data and named there, not just matched by ``*``."""
    chosen = best(offered, "", accept) if accept else None
    if accept is None or chosen is None or chosen.name == HTML.name:
        return None
    return chosen if any(media_type in _ranges(accept) for media_type in chosen.media_types) else None


def _accepted(accept: str, offered: Collection[str]) -> MIMEAccept:
    """The ranges that match an offered media type: weighing each of many ranges against each type takes long."""
    known = {"*/*", *offered, *(media_type.partition("/")[0] + "/*" for media_type in offered)}
    return MIMEAccept([(plain, quality) for plain, quality in _ranges(accept).items() if plain in known])


# One request is weighed for pages, results and graphs.
@bounded_cache(32, _CACHED_CHARACTERS)
def _ranges(accept: str) -> dict[str, float]:
    """Ranges with their qualities, without charset, profile and other parameters: no two formats here differ by these
    alone."""
    qualities: dict[str, float] = {}
    for media_range, quality in parse_accept_header(_WEIGHT.sub(_with_weight, accept), MIMEAccept):
        plain = media_range.partition(";")[0].strip().lower()
        # Some clients of Java write * for all types.
        plain = "*/*" if plain == "*" else plain
        qualities[plain] = max(quality, qualities.get(plain, 0))
    return qualities


def _with_weight(found: re.Match[str]) -> str:
    """The weight in the form of the standard; it would otherwise remove its media type from the header."""
    try:
        weight = float(found[1])
    except ValueError:
        weight = 1.0
    return f";q={min(max(weight, 0.0), 1.0) if weight == weight else 1.0:.3f}"


def negotiate(offered: Sequence[Format]) -> Format:
    """Returns the offered format that the request prefers, as ``acceptable`` does.

    Raises:
        Problem: 400 for an unknown ``?format=``, 406 if no offered format is acceptable (RFC 9110, 15.5.7). Both list
            the available formats.
    """
    chosen = acceptable(offered)
    if chosen is None:
        raise not_acceptable(offered, request.values.get("format", ""))
    return chosen


def not_acceptable(offered: Sequence[Format], requested: str) -> Problem:
    """Returns the problem for a request that accepts no offered format. It lists the available formats.

    Args:
        offered: the formats that there are.
        requested: value of ``?format=``, or "".
    """
    available = [{"format": fmt.name, "mediaType": fmt.media_type} for fmt in offered]
    names = ", ".join(f"{fmt.name} ({fmt.media_type})" for fmt in offered)
    if requested and named(ALL_FORMATS, requested) is None:
        detail = f"{requested[:40]!r} is not a format. Available formats: {names}."
        return Problem(400, "Unknown format", detail, available=available)
    return Problem(406, "Not acceptable", f"Available formats: {names}.", available=available)
