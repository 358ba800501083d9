"""What bears on a condition: causes, risk factors, treatments, prevention, and genes."""

from __future__ import annotations

from kg.reader.entity import Reference
from kg.reader.reader import Reader

# In the order in which a page has them.
RELATIONS = ("canCause", "isRiskFactorFor", "hasVariantsCausing", "isProphylaxisAgainst", "isTreatmentFor")


def bearing_on(reader: Reader, condition: str) -> dict[str, tuple[Reference, ...]]:
    """Returns what has each relation to a condition, by local name of the relation; all of them are inferred."""
    rows = reader.run("pages/condition-relations", {"condition": condition})
    refer = reader.references(rows, "entity")
    found: dict[str, tuple[Reference, ...]] = {}
    for relation in RELATIONS:
        iri = reader.vocabulary.term(relation)
        named = {refer[row["entity"].value] for row in rows if row["relation"].value == iri}
        if named:
            found[relation] = tuple(sorted(named, key=lambda one: one.label.casefold()))
    return found
