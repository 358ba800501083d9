"""The API under ``/api/v1``: every question of the catalogue, and the endpoints that a programmer expects on top of it.

``operation.py`` says what an operation is, ``catalogue.py``, ``things.py`` and ``reasons.py`` declare them,
``routes.py`` answers requests by them, ``openapi.py`` describes them. Routes and document are made from the same
declarations.
"""

from __future__ import annotations

from collections.abc import Sequence

from kg.catalogue.catalogue import Catalogue
from server.api import entities, explanations
from server.api import queries as query_operations
from server.api.operation import Operation


def operations(queries: Catalogue) -> Sequence[Operation]:
    """All operations: the endpoints by topic first, then a route for each question."""
    return (
        entities.search(),  # /search
        entities.entities(queries),  # /entities
        entities.entity(),  # /entities/{id}
        *query_operations.endpoints(queries),  # /foods  /forms/compare  /conditions/{condition}/evidence  /interactions
        #                                 /claims  /contradictions  /flaws  /intakes
        explanations.path(),  # /path
        explanations.why(),  # /explain
        query_operations.index(queries),  # /queries
        *query_operations.query_operations(queries),  # /queries/{name}
    )
