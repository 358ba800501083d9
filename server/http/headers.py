"""Headers of answers: those that every answer has, and those of an answer to a SPARQL query."""

from __future__ import annotations

from typing import Any

from werkzeug.http import parse_etags

from kg.engine.interface.base import QueryResult
from kg.rdf.formats import Format

Headers = list[tuple[str, str]]

# Internal: tells the response cache to store this response; it never reaches a client.
CACHE_REGION = "X-Vitk-Cache"
VARY_OF_QUERIES = ("Vary", "Accept, Accept-Encoding")
# Headers that scripts of other origins may read.
_EXPOSED = (
    "Accept-Post, Accept-Query, Allow, Cache-Status, Content-Disposition, Content-Location, ETag, Link, Retry-After, "
    "Server-Timing, Vitk-Hint, Vitk-Release"
)
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
REVALIDATE = "public, no-cache"
IMMUTABLE = "public, max-age=31536000, immutable"


def etag_matches(environ: dict[str, Any], validator: str) -> bool:
    """Whether the request says that its client holds the answer with this validator. The answer to a POST is not what
    its address stands for, so validators say nothing of it; and ``*`` names no answer."""
    given = environ.get("HTTP_IF_NONE_MATCH", "")
    if validator not in given or environ["REQUEST_METHOD"] == "POST":
        return False
    listed = parse_etags(given)
    return listed.contains_weak(validator) and not listed.star_tag


def common_headers(release: str) -> Headers:
    """What every answer of the server says; ``release`` is the id of the one that serves."""
    return [
        ("Content-Security-Policy", CONTENT_SECURITY_POLICY),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin"),
        ("Access-Control-Allow-Origin", "*"),
        ("Access-Control-Expose-Headers", _EXPOSED),
        ("Vitk-Release", release),
    ]


def sparql_headers(answer: QueryResult, fmt: Format, etag: str, *, is_pinned: bool) -> Headers:
    """What the answer to a SPARQL query says.

    Args:
        etag: its validator.
        is_pinned: whether one release was asked, so that the answer never changes.
    """
    timing = f"queue;dur={1000 * answer.queued:.1f}, evaluate;dur={1000 * answer.evaluated:.1f}"
    headers = [
        ("Content-Type", fmt.content_type),
        ("Content-Length", str(answer.length)),
        ("Server-Timing", timing),
        VARY_OF_QUERIES,
    ]
    if answer.hint:
        headers.append(("Vitk-Hint", answer.hint.encode("ascii", "backslashreplace").decode("ascii")))
    if not answer.is_deterministic:
        return [*headers, ("Cache-Control", "no-store")]
    caching = IMMUTABLE if is_pinned else REVALIDATE
    return [*headers, (CACHE_REGION, "store"), ("ETag", f'W/"{etag}"'), ("Cache-Control", caching)]
