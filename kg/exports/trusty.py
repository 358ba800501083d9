"""Trusty URIs: IRIs that end in a hash of what they name (module RA, for RDF).

Whoever receives a document with such an IRI can check that nobody has changed it. The lines that are hashed and their
order are those that the Python package ``nanopub`` (2.0.1) checks.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

# As long as a code, which it stands for until the quads are hashed.
PLACEHOLDER = "RA" + "0" * 43


def code(quads: Iterable[Quad]) -> str:
    """Returns the code of some quads without blank nodes, in whose IRIs ``PLACEHOLDER`` stands for it."""
    lines = [[_line(term) for term in (quad.graph_name, quad.subject, quad.predicate, quad.object)] for quad in quads]
    ordered = sorted(dict.fromkeys(map(tuple, lines)), key=lambda one: [key for _, key in one])
    text = "".join(line for one in ordered for line, _ in one)
    digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")
    return "RA" + digest


def _line(term: object) -> tuple[str, tuple[object, ...]]:
    """Returns the line of a term, and by what it is ordered: IRIs come first, literals by text, datatype, language."""
    if isinstance(term, NamedNode):
        iri = term.value.replace(PLACEHOLDER, " ")
        return f"{iri}\n", (False, iri.encode())
    assert isinstance(term, Literal) and not isinstance(term, BlankNode | Triple)
    text = term.value.replace("\\", "\\\\").replace("\n", "\\n")
    kind = f"@{term.language.lower()}" if term.language else f"^{term.datatype.value}"
    datatype = "" if term.language else term.datatype.value
    return f"{kind} {text}\n", (True, term.value.encode(), datatype, term.language or "")
