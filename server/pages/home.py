"""The home page: what is in here, a search box, three questions to start with."""

from __future__ import annotations

from flask import Response, make_response, render_template

from server import caching
from server.site import site

STARTING_QUESTIONS = ("foods-with-vitamin-k2", "circulation-times", "claims-about-fractures")


def show() -> Response:
    if fresh := caching.not_modified():
        return fresh
    reader = site().reader
    counts = reader.release.manifest["counts"]
    claims = sum(section["count"] for section in counts["claims"])
    claim_kinds = reader.claim_kinds()
    page = render_template(
        "home.html",
        kinds=[kind for kind in counts["things"] if kind["iri"] not in claim_kinds],
        claim_kinds=[kind for kind in counts["things"] if kind["iri"] in claim_kinds],
        claims=claims,
        sections=counts["claims"],
        triples=counts["triples"],
        questions=[reader.catalogue[name] for name in STARTING_QUESTIONS],
    )
    return caching.validated(make_response(page))
