"""The API under ``/api/v1``: every query of the catalogue, and endpoints by topic.

``operation`` defines what an operation is; ``queries``, ``entities``, ``propositions`` and ``explanations`` declare
the operations.
``routes`` and ``openapi`` derive the routes and the OpenAPI document from the same declarations. ``arguments`` reads
requests, ``responses`` writes JSON (``cells``), CSV with its description and TSV, ``row_lists`` RDF, ``html`` the
pages, ``snippets`` the code examples.
"""

from __future__ import annotations

from collections.abc import Sequence

from kg.catalogue.catalogue import Catalogue
from server.api import entities, explanations, propositions
from server.api import queries as query_operations
from server.api.operation import Operation


def operations(queries: Catalogue) -> Sequence[Operation]:
    """Returns all operations: the endpoints by topic first, then one for each query of the catalogue."""
    return (
        entities.search(),  # /search
        entities.entities(queries),  # /entities
        entities.entity(),  # /entities/{id}
        *query_operations.endpoints(queries),  # /foods  /forms/compare  /conditions/{condition}/evidence  /interactions
        #                                 /claims  /propositions  /contradictions  /flaws  /intakes
        propositions.proposition(),  # /propositions/{id}
        explanations.path(),  # /path
        explanations.why(),  # /explain
        query_operations.index(queries),  # /queries
        *query_operations.query_operations(queries),  # /queries/{name}
    )
