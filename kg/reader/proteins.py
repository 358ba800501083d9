"""What proteins need in order to work, and what counteracts drugs that act on them."""

from __future__ import annotations

from dataclasses import dataclass

from kg.reader.entity import Reference
from kg.reader.reader import Reader


@dataclass(frozen=True)
class Activation:
    """The enzymes that carboxylate a protein, each with its cofactor, and the states in which the protein is measured,
    each with what it is a marker of."""

    enzymes: tuple[tuple[Reference, Reference | None], ...]
    states: tuple[tuple[Reference, Reference | None], ...]


@dataclass(frozen=True)
class Antagonists:
    """Substances that counteract a drug, and foods that may, since they supply one of them."""

    substances: tuple[Reference, ...]
    foods: tuple[Reference, ...]


def activation(reader: Reader, protein: str) -> Activation:
    """What makes a protein work."""
    rows = reader.run("pages/protein-activation", {"protein": protein})
    refer = reader.references(rows, "enzyme", "cofactor", "state", "marked")

    def pairs(one: str, other: str) -> tuple[tuple[Reference, Reference | None], ...]:
        found = {(refer[r[one].value], refer[r[other].value] if other in r else None) for r in rows if one in r}
        return tuple(sorted(found, key=lambda pair: (pair[0].label, pair[1].label if pair[1] else "")))

    return Activation(pairs("enzyme", "cofactor"), pairs("state", "marked"))


def antagonists(reader: Reader, drug: str) -> Antagonists:
    """What counteracts a drug; all of it is inferred."""
    rows = reader.run("pages/drug-counteracting", {"drug": drug})
    refer = reader.references(rows, "entity")

    def by(relation: str) -> tuple[Reference, ...]:
        iri = reader.vocabulary.term(relation)
        found = {refer[row["entity"].value] for row in rows if row["relation"].value == iri}
        return tuple(sorted(found, key=lambda entity_iri: entity_iri.label.casefold()))

    return Antagonists(by("counteracts"), by("mayCounteract"))
