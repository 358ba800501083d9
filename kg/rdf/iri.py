"""What counts as an IRI."""

from __future__ import annotations

from pyoxigraph import NamedNode


def is_iri(text: str) -> bool:
    """Whether the text is an absolute IRI (RFC 3987); the store takes no other, so queries are not filled with it."""
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True
