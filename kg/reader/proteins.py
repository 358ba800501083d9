"""The activation of proteins, and antagonists of drugs that act on them."""

from __future__ import annotations

from dataclasses import dataclass

from kg.rdf.natural_order import natural_key
from kg.reader.entity import Reference
from kg.reader.reader import Reader


@dataclass(frozen=True)
class Activation:
    """The activation of a protein: the enzymes that carboxylate it, each with its cofactor, and its measured forms.

    Each measured form comes with what it is a marker of.
    """

    enzymes: tuple[tuple[Reference, Reference | None], ...]
    states: tuple[tuple[Reference, Reference | None], ...]


@dataclass(frozen=True)
class Antagonists:
    """Substances that counteract a drug, and foods that may because they supply one of them."""

    substances: tuple[Reference, ...]
    foods: tuple[Reference, ...]


def activation(reader: Reader, protein: str) -> Activation:
    """Returns how a protein is activated."""
    rows = reader.run("pages/protein-activation", {"protein": protein})
    refer = reader.references(rows, "enzyme", "cofactor", "state", "marked")

    def pairs(one: str, other: str) -> tuple[tuple[Reference, Reference | None], ...]:
        found = {(refer[r[one].value], refer[r[other].value] if other in r else None) for r in rows if one in r}
        return tuple(sorted(found, key=lambda pair: (pair[0].label, pair[1].label if pair[1] else "")))

    return Activation(pairs("enzyme", "cofactor"), pairs("state", "marked"))


def antagonists(reader: Reader, drug: str) -> Antagonists:
    """Returns the antagonists of a drug; all of them are inferred."""
    rows = reader.run("pages/drug-counteracting", {"drug": drug})
    refer = reader.references(rows, "entity")

    def by(relation: str) -> tuple[Reference, ...]:
        iri = reader.vocabulary.term(relation)
        found = {refer[row["entity"].value] for row in rows if row["relation"].value == iri}
        return tuple(sorted(found, key=lambda entity_iri: natural_key(entity_iri.label)))

    return Antagonists(by("counteracts"), by("mayCounteract"))
