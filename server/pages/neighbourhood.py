"""The neighbours of an entity as JSON, with which the browser expands its graph."""

from __future__ import annotations

from flask import Response, jsonify

from kg.entities import view
from server import svg
from server.core import conditional
from server.core.state import app_state
from server.linked_data.resources import unknown
from server.pages.entity.connections import more_url


def neighbourhood(curie: str) -> Response:
    """Sends the neighbours of an entity or term, grouped by relation.

    Args:
        curie: CURIE of the entity or term.

    Raises:
        Problem: 404 for an unknown entity or term.
    """
    if fresh := conditional.not_modified():
        return fresh
    current = app_state()
    reader, iri = current.reader, current.reader.vocabulary.expand(curie)
    if not iri.startswith((reader.vocabulary.entities, reader.vocabulary.terms)):
        raise unknown(curie, current)
    found = view.load(reader, current.claim_index, iri, excluded=("verdict",))
    if found is None:
        raise unknown(curie, current)
    drawn = svg.lay_out_neighbourhood(found.entity, found.backlinks, current.claim_index)
    groups = [
        {
            "title": group.title,
            "incoming": group.is_incoming,
            "more": group.more,
            "moreUrl": more_url(current.urls, reader.vocabulary, found.entity, group),
            "nodes": [
                {
                    "id": reader.vocabulary.shorten(node.target.iri),
                    "label": node.target.label,
                    "url": current.urls.of(node.target.iri),
                    "inferred": node.inferred,
                }
                for node in group.nodes
            ],
        }
        for group in (drawn.wide.groups if drawn else ())
    ]
    return conditional.cacheable(jsonify(id=curie, label=found.entity.label, url=current.urls.of(iri), groups=groups))
