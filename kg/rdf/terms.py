"""Types of the terms and rows in query results."""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode

Term = NamedNode | Literal
"""An IRI or a literal; blank nodes are not part of results."""

Row = dict[str, Term]
"""A row of a SELECT: the bound variables only, by name without the question mark."""
