"""RDF terms as query results hold them."""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode

Term = NamedNode | Literal
"""An IRI or a literal; blank nodes are not part of results."""

Row = dict[str, Term]
"""One row of a SELECT: the bound variables alone, by name without the question mark."""
