"""The way from the top of the class tree down to a class."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property

from kg.rdf.vocabulary import OUTSIDE_PREFIXES
from kg.reader.entity import Entity, Reference
from kg.reader.reader import Reader

# Classes that only give properties their domains tell a reader nothing.
_GENERAL = (
    *("Topic", "Material", "FoodComponent", "AmountBearer", "Assertion", "DocumentedStatement", "Research", "Intake"),
)


class ClassTree:
    """The classes of the ontology, read once."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    @cached_property
    def _above(self) -> dict[str, list[str]]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        for row in self._reader.run("pages/subclasses", {}):
            found[row["class"].value].append(row["above"].value)
        return {iri: sorted(above) for iri, above in found.items()}

    @cached_property
    def _defined(self) -> set[str]:
        return {row["class"].value for row in self._reader.run("pages/defined-classes", {})}

    def is_defined(self, iri: str) -> bool:
        """Whether the class has a definition by which things belong to it."""
        return iri in self._defined

    def way_to(self, entity: Entity) -> list[Reference]:
        """The classes above a thing, or above a class itself; none for properties."""
        if entity.iri in self._above:
            return self.path(entity.iri)[:-1]
        named = [kind.iri for kind in entity.types if not kind.iri.startswith(OUTSIDE_PREFIXES["owl"])]
        return self.path(named[0]) if named else []

    def path(self, iri: str) -> list[Reference]:
        """The classes from the broadest down to this one, general ones left out."""
        general = {self._reader.vocabulary.term(name) for name in _GENERAL}
        way: list[str] = []
        current: str | None = iri
        while current is not None and current not in way:
            way.insert(0, current)
            above = [one for one in self._above.get(current, []) if one not in general]
            current = above[0] if above else None
        refer = self._reader.references([], extra=way)
        return [refer[one] for one in way]
