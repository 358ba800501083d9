"""Nodes and edges of the propositions that Biolink can state, as KGX exchanges them: two files of JSON lines.

An edge is an association of ``biolink``; a node is what an edge connects, in the most specific category of Biolink that
is true of all members of its class.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from kg.exports import biolink
from kg.exports.source import TRIPLE, ExportedProposition, ExportSource
from kg.files.written import write
from kg.rdf.vocabulary import DCTERMS_DESCRIPTION, SKOS_ALT_LABEL
from kg.reader.entity import Reference

SOURCE = "infores:vitk"
# By local name of a class of ours: the category of Biolink. A class that is not here has that of a class above it.
CATEGORIES = {
    "Food": "Food",
    "FoodGroup": "Food",
    "Supplement": "ChemicalEntity",
    "Drug": "ChemicalEntity",
    "DrugGroup": "ChemicalEntity",
    "Substance": "ChemicalEntity",
    "Vitamin": "ChemicalEntity",
    "Nutrient": "ChemicalEntity",
    "Mineral": "ChemicalEntity",
    "Metabolite": "ChemicalEntity",
    "Hormone": "ChemicalEntity",
    "Protein": "Protein",
    "Condition": "DiseaseOrPhenotypicFeature",
    "Symptom": "PhenotypicFeature",
    "Process": "BiologicalProcessOrActivity",
    "AnatomicalStructure": "AnatomicalEntity",
    "BodyFluid": "AnatomicalEntity",
    "Cell": "Cell",
    "Organism": "OrganismTaxon",
    "Population": "PopulationOfIndividualOrganisms",
}
_ANY = "NamedThing"


def export(source: ExportSource, target: Path) -> None:
    """Writes ``nodes.jsonl`` and ``edges.jsonl`` into a folder.

    Raises:
        VitkError: a file cannot be written.
    """
    stated = [(exported, edge) for exported in source.all() if (edge := biolink.association(source, exported))]
    write(target / "edges.jsonl", _lines(_edge(exported, edge) for exported, edge in stated))
    write(target / "nodes.jsonl", _lines(nodes(source, [exported for exported, _ in stated])))


def nodes(source: ExportSource, stated: Iterable[ExportedProposition]) -> list[dict[str, Any]]:
    """Returns what some propositions connect, each once, in order of their identifiers."""
    roles = [exported.summary.roles for exported in stated]
    ends = [one[name][0] for one in roles for name in (TRIPLE[0], TRIPLE[2])]
    ends += [named[0] for one in roles for name, named in one.items() if name in biolink.POPULATIONS]
    found: dict[str, dict[str, Any]] = {}
    for named in dict.fromkeys(ends):
        node = _node(source, named)
        found.setdefault(node["id"], node)
    return [found[identifier] for identifier in sorted(found)]


def _edge(exported: ExportedProposition, association: dict[str, Any]) -> dict[str, Any]:
    """Returns an association with its assessment in words: no class of Biolink has the slot of its certainty."""
    slots = {name: value for name, value in association.items() if name != "has_confidence_level"}
    words = f"{exported.summary.proposition.label} Assessed: {exported.summary.words}."
    return {**slots, "description": words, "primary_knowledge_source": SOURCE}


def _node(source: ExportSource, named: Reference) -> dict[str, Any]:
    synonyms = sorted(term.value for term in source.reader.values(named.iri, SKOS_ALT_LABEL))
    descriptions = sorted(term.value for term in source.reader.values(named.iri, DCTERMS_DESCRIPTION))
    known = [identifier.curie for identifier in source.identifiers.get(named.iri, ())]
    return {
        "id": biolink.node(source, named),
        "category": [f"biolink:{_category(source, named)}"],
        "name": named.label,
        **({"description": " ".join(descriptions)} if descriptions else {}),
        **({"synonym": synonyms} if synonyms else {}),
        "xref": sorted({named.iri, *known}),
        "provided_by": [SOURCE],
    }


def _category(source: ExportSource, named: Reference) -> str:
    """Returns the category of the most specific class of an entity that has one."""
    term = source.vocabulary.term
    classes = {row["kind"].value for row in source.reader.run("pages/kinds-of", {"entities": [named.iri]})}
    fitting = [name for name in CATEGORIES if term(name) in classes]
    # Of two that fit, one that is above the other says less.
    specific = [
        one for one in fitting if not any(other != one and term(other) in source.below(one) for other in fitting)
    ]
    categories = {CATEGORIES[name] for name in specific}
    return categories.pop() if len(categories) == 1 else _ANY


def _lines(found: Iterable[dict[str, Any]]) -> bytes:
    return b"".join(json.dumps(one, ensure_ascii=False).encode() + b"\n" for one in found)
