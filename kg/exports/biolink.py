"""A proposition as an association of the Biolink model (4.4.4), as lines of KGX are, where Biolink can state it.

An association states something, so only propositions assessed as ``for`` or ``against`` have one; the latter is
negated. Biolink has no word for what is mixed, unclear or not searched for. A proposition is also left out where its
association would say something else: no predicate of Biolink fits, or a qualifier without a counterpart changes the
meaning. To say less than we know is allowed, and so a statement may lose a dose; a negated one may not, since "not 10
mg" is less than "not". Predicates are matched as in ``ontology/alignment/biolink.ttl``.
"""

from __future__ import annotations

from typing import Any

from kg.exports.source import TRIPLE, ExportedProposition, ExportSource, Publication
from kg.propositions.index import PropositionSummary
from kg.reader.entity import Reference

_CHANGES = {"predicate": "affects", "qualified_predicate": "causes"}
_INCREASED, _DECREASED = {"object_direction_qualifier": "increased"}, {"object_direction_qualifier": "decreased"}
_ACTIVITY = {"object_aspect_qualifier": "activity"}
# By local name of our predicate: a predicate of Biolink, with qualifiers, that says as much. It may be negated.
AS_MUCH: dict[str, dict[str, str]] = {
    "isAssociatedWith": {"predicate": "associated_with"},
    "isAssociatedWithLowerRiskOf": {"predicate": "associated_with_decreased_likelihood_of"},
    "isAssociatedWithHigherRiskOf": {"predicate": "associated_with_increased_likelihood_of"},
    "isAssociatedWithHigherLevelOf": {"predicate": "positively_correlated_with"},
    "decreasesRiskOf": {"predicate": "affects_likelihood_of", **_DECREASED},
    "increasesRiskOf": {"predicate": "affects_likelihood_of", **_INCREASED},
    "increases": _CHANGES | _INCREASED,
    "decreases": _CHANGES | _DECREASED,
    "activates": _CHANGES | _ACTIVITY | _INCREASED,
    "blocks": _CHANGES | _ACTIVITY | _DECREASED,
    "influences": {"predicate": "affects"},
    "causes": {"predicate": "causes"},
    "produces": {"predicate": "produces"},
    "contains": {"predicate": "has_food_component"},
    "isMetabolisedTo": {"predicate": "has_metabolite"},
    "hasSign": {"predicate": "has_phenotype"},
    "models": {"predicate": "model_of"},
}
# The same for a predicate that says less. It must not be negated.
LESS: dict[str, dict[str, str]] = {
    "improves": {"predicate": "affects"},
    "harms": {"predicate": "affects"},
    "regulates": {"predicate": "affects"},
    "treats": {"predicate": "treats_or_applied_or_studied_to_treat"},
    "binds": {"predicate": "directly_physically_interacts_with"},
    "changesEffectOf": {"predicate": "interacts_with"},
    "weakensEffectOf": {"predicate": "interacts_with"},
    "isStoredIn": {"predicate": "located_in"},
}
# By local name of an aspect of the subject: its qualifiers.
ASPECTS: dict[str, dict[str, str]] = {
    "deficientIntake": {"subject_direction_qualifier": "decreased"},
    "excessiveIntake": {"subject_direction_qualifier": "increased"},
}
POPULATIONS = ("population", "model")
# Qualifiers that only narrow: what holds with them holds, less exactly, without.
_NARROWING = {"regimen", "level", "extent", "unit", "referenceUnit"}
_NARROWING_ASPECTS = {"dietaryIntake"}
# Prefixes of Biolink by ours, in the order in which an identifier is chosen.
PREFIXES = {
    **{name: name for name in ("CHEBI", "UniProtKB", "MONDO", "HP", "GO", "UBERON", "CL", "NCBITaxon", "FOODON")},
    **{name: name for name in ("MESH", "UNII", "DRUGBANK", "EFO", "UMLS", "CAS")},
    "wikidata": "WIKIDATA",
}


def is_stated(summary: PropositionSummary) -> bool:
    """Returns whether a proposition has an association."""
    predicate = _local(summary.roles["predicate"][0])
    narrowing = {name for name in summary.roles if name in _NARROWING and not _is_any_level(summary, name)}
    other = summary.roles.keys() - {*TRIPLE, *POPULATIONS, *_NARROWING, "subjectAspect"}
    aspects = {_local(aspect) for aspect in summary.roles.get("subjectAspect", ())} - ASPECTS.keys()
    if summary.side == "for":
        return predicate in AS_MUCH | LESS and not other and aspects <= _NARROWING_ASPECTS
    return summary.side == "against" and predicate in AS_MUCH and not other and not aspects and not narrowing


def association(source: ExportSource, exported: ExportedProposition) -> dict[str, Any] | None:
    """Returns the association of a proposition, as JSON; ``None`` if Biolink cannot state it."""
    summary = exported.summary
    if not is_stated(summary):
        return None
    subject, predicate, target = (summary.roles[name][0] for name in TRIPLE)
    aspect = next(iter(summary.roles.get("subjectAspect", ())), None)
    qualified = {**(AS_MUCH | LESS)[_local(predicate)], **(ASPECTS.get(_local(aspect), {}) if aspect else {})}
    population = next((summary.roles[name][0] for name in POPULATIONS if name in summary.roles), None)
    is_statistical = _local(summary.type) == "AssociationProposition"
    return {
        "id": exported.iri,
        "category": ["biolink:Association"],
        "subject": node(source, subject),
        **{name: f"biolink:{value}" if "predicate" in name else value for name, value in qualified.items()},
        "object": node(source, target),
        **({"population_context_qualifier": node(source, population)} if population else {}),
        "negated": summary.side == "against",
        "knowledge_level": "statistical_association" if is_statistical else "knowledge_assertion",
        "agent_type": "automated_agent",
        **({"has_confidence_level": summary.certainty.label} if summary.certainty else {}),
        "has_evidence": [one.line.iri for one in exported.assessment.deciding],
        "publications": sorted({curie for one in exported.publications if (curie := _publication(one))}),
        "original_subject": subject.iri,
        "original_predicate": predicate.iri,
        "original_object": target.iri,
        "description": summary.proposition.label,
        "update_date": source.release.manifest.date,
    }


def _is_any_level(summary: PropositionSummary, name: str) -> bool:
    return name == "level" and all(_local(level) == "anyLevel" for level in summary.roles["level"])


def node(source: ExportSource, named: Reference) -> str:
    """Returns the CURIE of an entity in the first vocabulary that Biolink knows, else its IRI."""
    known = {one.prefix: one.local for one in source.identifiers.get(named.iri, ())}
    return next((f"{theirs}:{known[ours]}" for ours, theirs in PREFIXES.items() if ours in known), named.iri)


def _publication(publication: Publication) -> str:
    if publication.pmid:
        return f"PMID:{publication.pmid}"
    return f"doi:{publication.doi}" if publication.doi else ""


def _local(named: Reference) -> str:
    return named.iri.rpartition("#")[2]
