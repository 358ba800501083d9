"""The two layers of kept answers. Pages have one of their own, so that a crawler's many pages push out no answer to a
query; they are kept compressed, for they are many and small, while an answer to a query is large and asked again.
"""

from __future__ import annotations

from server.http.wsgi_types import Application
from server.middleware.cache.middleware import ResponseCache

_NEVER = ("/healthz", "/readyz", "/metrics", "/static/")
_QUERIES = ("/sparql", "/api/v1/", "/openapi.json")


def query_cache(application: Application, limit: int, waiting: int) -> ResponseCache:
    """Keeps up to ``limit`` bytes of answers to queries."""
    return ResponseCache(application, limit, waiting, _is_query)


def page_cache(application: Application, limit: int, waiting: int) -> ResponseCache:
    """Keeps up to ``limit`` bytes of pages and documents."""
    return ResponseCache(application, limit, waiting, _is_page, tightly=True)


def _is_query(path: str) -> bool:
    return path.startswith(_QUERIES)


def _is_page(path: str) -> bool:
    return not path.startswith(_NEVER + _QUERIES)
