"""The convenience endpoints under ``/api/v1``."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from kg.search import Hit
from server.problems import Problem
from server.site import site

blueprint = Blueprint("api", __name__, url_prefix="/api/v1")
MAX_HITS = 100


@blueprint.get("/search")
def search() -> Response:
    """Things whose name, abbreviation, identifier or description matches ``q``; at most ``limit`` (20)."""
    text = request.args.get("q", "").strip()
    if not text:
        raise Problem(400, "Nothing to search for", "Give what you look for as q, for instance ?q=mk-7.")
    current = site()
    hits = current.reader.search.find(text, limit=_limit())
    return jsonify(
        query=text, release=current.reader.release.id, count=len(hits), results=[_as_json(hit) for hit in hits]
    )


def _limit() -> int:
    text = request.args.get("limit", "20")
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= MAX_HITS:
        raise Problem(400, "Bad limit", f"limit is a whole number from 1 to {MAX_HITS}; {text[:20]!r} is not.")
    return int(text)


def _as_json(hit: Hit) -> dict[str, str]:
    return {
        "iri": hit.iri,
        "label": hit.label,
        "kind": hit.kind_label,
        "description": hit.description,
        "matched": hit.matched,
        "url": site().urls.of(hit.iri),
    }
