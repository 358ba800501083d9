"""The path from the top of the class tree down to a class."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property

from kg.rdf.vocabulary import OUTSIDE_PREFIXES
from kg.reader.entity import Entity, Reference
from kg.reader.reader import Reader

# Classes that only serve as domains of properties are left out of paths: they mean nothing to readers.
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
        """Returns whether a rule infers the members of the class."""
        return iri in self._defined

    def way_to(self, entity: Entity) -> list[Reference]:
        """Returns the classes of an entity, or the superclasses of a class, broadest first; empty for properties."""
        if entity.iri in self._above:
            return self.path(entity.iri)[:-1]
        named = [kind.iri for kind in entity.types if not kind.iri.startswith(OUTSIDE_PREFIXES["owl"])]
        return self.path(named[0]) if named else []

    def path(self, iri: str) -> list[Reference]:
        """Returns the classes from the broadest down to this one, without the general ones."""
        general = {self._reader.vocabulary.term(name) for name in _GENERAL}
        classes: list[str] = []
        current: str | None = iri
        while current is not None and current not in classes:
            classes.insert(0, current)
            above = [class_iri for class_iri in self._above.get(current, []) if class_iri not in general]
            current = above[0] if above else None
        refer = self._reader.references([], extra=classes)
        return [refer[class_iri] for class_iri in classes]
