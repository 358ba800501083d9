"""The local name of an entity in a URL path."""

from __future__ import annotations

from urllib.parse import unquote

from werkzeug.routing import BaseConverter

from kg.rdf.iri import encoded_name


class LocalNameConverter(BaseConverter):
    """Matches the rest of a path, which arrives decoded, and encodes it again as in the IRI of the entity.

    So a name may have any character, among them slashes and line ends. It does not begin with a slash: empty segments
    of a path are merged.
    """

    part_isolating = False
    regex = r"(?!/)(?:.|\n)+"

    def to_python(self, value: str) -> str:
        """Returns the local name."""
        return encoded_name(value)


def in_path(name: str) -> str:
    """Returns a local name as it is written in a path: as in the IRI, in which it is encoded already."""
    return encoded_name(unquote(name))
