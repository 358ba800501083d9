"""The results page of the search; with a kind and no words it lists the kind."""

from __future__ import annotations

from flask import Response, make_response, render_template, request

from server import caching
from server.site import site

HITS_SHOWN = 50
KIND_SHOWN = 1000


def show() -> Response:
    text, kind = request.args.get("q", "").strip(), request.args.get("kind", "").strip()
    if fresh := caching.not_modified(text, kind):
        return fresh
    reader = site().reader
    kinds = {
        entry["iri"].removeprefix(reader.vocabulary.terms): entry["label"]
        for entry in reader.release.manifest["counts"]["things"]
    }
    iri = reader.vocabulary.term(kind) if kind in kinds else None
    hits = reader.search.find(text, limit=HITS_SHOWN if text else KIND_SHOWN, kind=iri)
    nearest = reader.search.nearest(text) if text and not hits else []
    page = render_template(
        "search.html", text=text, kind=kind, kinds=kinds, hits=hits, nearest=nearest, shown=HITS_SHOWN
    )
    return caching.validated(make_response(page), text, kind)
