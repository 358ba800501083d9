"""What counts as an IRI, and which names an entity may have."""

from __future__ import annotations

from urllib.parse import quote, unquote_to_bytes

from pyoxigraph import NamedNode


def is_iri(text: str) -> bool:
    """Whether the text is an absolute IRI (RFC 3987); the store takes no other, so queries are not filled with it."""
    try:
        NamedNode(text)
    except ValueError:
        return False
    return True


def encoded_name(text: str) -> str:
    """Returns a text as the name of an entity: whatever may not stand in a path is percent-encoded (RFC 3986)."""
    return quote(text, safe="")


def problem_of_local_name(name: str) -> str:
    """Returns why the part of an IRI behind ``id/`` would not lead back to its entity, or "".

    Servers get a path decoded, so a name must be the one that encoding its decoded form gives.
    """
    if name in ("", ".", ".."):
        return "is a step in a path and not a name"
    try:
        decoded = unquote_to_bytes(name).decode("utf-8")
    except UnicodeDecodeError:
        return "has percent-encoded bytes that are not UTF-8"
    if (proper := encoded_name(decoded)) != name:
        return f"cannot be requested from a server; write id:{proper}"
    return ""
