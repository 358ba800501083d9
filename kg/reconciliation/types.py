"""The types of entities, which are the classes of the ontology."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from kg.index.question_words import normalise
from kg.reader.reader import Reader
from kg.reconciliation.identifiers import term_id


@dataclass(frozen=True)
class Type:
    """A class by its identifier in the protocol: its label, its definition, and the classes right above it."""

    id: str
    name: str
    description: str
    broader: tuple[str, ...]


class Types:
    """The types of one release."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    @cached_property
    def all(self) -> Mapping[str, Type]:
        """All types by IRI, by name."""
        found: dict[str, Type] = {}
        for row in self._reader.run("pages/classes", {}):
            iri = row["class"].value
            above = (term_id(self._reader.vocabulary, row["above"].value),) if "above" in row else ()
            known = found[iri].broader if iri in found else ()
            meaning = row["meaning"].value if "meaning" in row else ""
            found[iri] = Type(term_id(self._reader.vocabulary, iri), row["label"].value, meaning, known + above)
        return dict(sorted(found.items(), key=lambda one: one[1].name.casefold()))

    @cached_property
    def by_id(self) -> Mapping[str, Type]:
        """All types by identifier."""
        return {one.id: one for one in self.all.values()}

    def suggested(self, prefix: str) -> list[Type]:
        """Returns the types whose name or identifier starts with a text, then those that contain it."""
        key = normalise(prefix)
        names = {one.id: (normalise(one.name), normalise(one.id)) for one in self.all.values()}
        started = [one for one in self.all.values() if any(name.startswith(key) for name in names[one.id])]
        others = [one for one in self.all.values() if one not in started and any(key in name for name in names[one.id])]
        return started + others
