"""Response headers: those common to all responses, and those of SPARQL results."""

from __future__ import annotations

from typing import Any

from werkzeug.http import parse_etags

from kg.engine.interface.base import QueryResult
from kg.rdf.formats import Format
from server.http.cors import ALLOW_ORIGIN, EXPOSE_HEADERS

Headers = list[tuple[str, str]]

# Internal: has the response cache store this response. It never reaches a client.
CACHE_REGION = "X-Vitk-Cache"
VARY_OF_QUERIES = ("Vary", "Accept, Accept-Encoding")
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
# Of documents that other sites show inside a page of theirs. They have nothing to click but links that open a new tab.
FRAMED_POLICY = CONTENT_SECURITY_POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")
REVALIDATE = "public, no-cache"
IMMUTABLE = "public, max-age=31536000, immutable"


def etag_matches(environ: dict[str, Any], validator: str) -> bool:
    """Reports whether If-None-Match lists this ETag, by weak comparison (RFC 9110, 13.1.2).

    ``False`` for a POST, whose response is not a representation of its URL, and for ``*``: whether there is a
    representation is known only when the response is, see ``matches_any``.

    Args:
        environ: WSGI environment of the request.
        validator: the opaque tag, without quotation marks and ``W/``.
    """
    field = environ.get("HTTP_IF_NONE_MATCH", "")
    if validator not in field or environ["REQUEST_METHOD"] == "POST":
        return False
    # Nearly all clients send the one ETag that they were sent; parsing it would take longer than the rest of a 304.
    if field == f'W/"{validator}"':
        return True
    listed = parse_etags(field)
    return listed.contains_weak(validator) and not listed.star_tag


def matches_any(environ: dict[str, Any]) -> bool:
    """Returns whether If-None-Match is ``*``: any current representation is answered by 304 (RFC 9110, 13.1.2)."""
    return bool(environ.get("HTTP_IF_NONE_MATCH", "").strip() == "*" and environ["REQUEST_METHOD"] != "POST")


def common_headers(release: str) -> Headers:
    """Returns the headers of every response.

    Args:
        release: id of the release that is served.
    """
    return [
        ("Content-Security-Policy", CONTENT_SECURITY_POLICY),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin"),
        ALLOW_ORIGIN,
        EXPOSE_HEADERS,
        ("Vitk-Release", release),
    ]


def sparql_headers(result: QueryResult, fmt: Format, etag: str, *, is_pinned: bool) -> Headers:
    """Returns the headers of the response to a SPARQL query.

    Args:
        result: result of the query; one that is not deterministic is not cached.
        fmt: format of the result.
        etag: opaque tag of the response.
        is_pinned: whether the request names a release, so that the response never changes.
    """
    timing = f"queue;dur={1000 * result.queued:.1f}, evaluate;dur={1000 * result.evaluated:.1f}"
    headers = [
        ("Content-Type", fmt.content_type),
        ("Content-Length", str(result.length)),
        ("Server-Timing", timing),
        VARY_OF_QUERIES,
    ]
    if result.hint:
        headers.append(("Vitk-Hint", result.hint.encode("ascii", "backslashreplace").decode("ascii")))
    if not result.is_deterministic:
        return [*headers, ("Cache-Control", "no-store")]
    caching = IMMUTABLE if is_pinned else REVALIDATE
    return [*headers, (CACHE_REGION, "store"), ("ETag", f'W/"{etag}"'), ("Cache-Control", caching)]
