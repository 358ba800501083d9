"""The two regions of the response cache.

Pages have a region of their own, so that a crawler cannot evict query results. They are stored compressed, because they
are many and small; query results are larger and requested again more often.
"""

from __future__ import annotations

from server.http.wsgi_types import Application
from server.middleware.cache.middleware import ResponseCache

_NEVER = ("/healthz", "/readyz", "/metrics", "/static/")
_QUERIES = ("/sparql", "/api/v1/", "/openapi.json")


def query_cache(application: Application, limit: int) -> ResponseCache:
    """Caches up to ``limit`` bytes of query results."""
    return ResponseCache(application, limit, _is_query)


def page_cache(application: Application, limit: int) -> ResponseCache:
    """Caches up to ``limit`` bytes of pages and documents."""
    return ResponseCache(application, limit, _is_page, compressed_only=True)


def _is_query(path: str) -> bool:
    return path.startswith(_QUERIES)


def _is_page(path: str) -> bool:
    return not path.startswith(_NEVER + _QUERIES)
