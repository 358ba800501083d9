"""What a thing is linked to, as data: its picture grows by it in the browser."""

from __future__ import annotations

from flask import Response, jsonify

from kg.claims import backlinks
from server import svg
from server.core import conditional
from server.core.state import app_state
from server.linked_data.resources import unknown


def neighbourhood(curie: str) -> Response:
    """The groups of the picture of a thing or term, by its CURIE."""
    if fresh := conditional.not_modified():
        return fresh
    current = app_state()
    reader, iri = current.reader, current.reader.vocabulary.expand(curie)
    if not iri.startswith((reader.vocabulary.entities, reader.vocabulary.terms)):
        raise unknown(curie)
    entity = reader.entity(iri, curie.partition(":")[2])
    if entity is None:
        raise unknown(curie)
    drawn = svg.lay_out_neighbourhood(entity, backlinks.first(reader, current.claim_index, iri), current.claim_index)
    groups = [
        {
            "title": group.title,
            "incoming": group.is_incoming,
            "more": group.more,
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
    return conditional.cacheable(jsonify(id=curie, label=entity.label, url=current.urls.of(iri), groups=groups))
