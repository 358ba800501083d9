"""A proposition with its assessment as a Statement of GA4GH VA-Spec 1.1.0 (with gkm-core 1.3.0).

A Statement assesses a Proposition: subject, predicate, object and, by its convention, qualifiers whose names end in
``Qualifier``. The class Proposition may be extended; ours are of the classes of the vitk ontology. Its direction has
three values, so that ``mixed``, ``unclear`` and what nobody searched for are all ``neutral``; our own term is the
extension ``assessedDirection``. Evidence lines are those that decide.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from kg.exports.source import ExportedProposition, ExportSource, Publication
from kg.propositions.assessment import AppliedEvidence
from kg.reader.entity import Reference

# The code system of HL7 whose codes are closest to our certainties; it has no IRIs for single codes.
_CERTAINTY_RATING = "http://terminology.hl7.org/CodeSystem/certainty-rating"
_DIRECTIONS = {"for": "supports", "against": "disputes"}
_SIDES = {"supporting": "supports", "disputing": "disputes"}
# What VA-Spec accepts as a DOI.
_DOI = re.compile(r"10\.\d+(\.\d+)*/[\w\-.]+")


def statement(source: ExportSource, exported: ExportedProposition) -> dict[str, Any]:
    """Returns the Statement of a proposition, as JSON."""
    found, summary = exported.assessment, exported.summary
    direction = _DIRECTIONS.get(summary.side, "neutral")
    own = {"assessedDirection": summary.direction.iri, "assessedBy": summary.basis.iri, **found.counts}
    strength = {}
    if summary.certainty and direction != "neutral":
        strength = {"strength": _certainty(source, summary.certainty)}
    elif summary.certainty:
        own["certainty"] = summary.certainty.iri
    if found.set_aside:
        own["evidenceSetAside"] = [
            {"line": one.line.iri, "reasons": [reason.iri for reason in one.reasons]} for one in found.set_aside
        ]
    lines = [_line(source, exported, one) for one in found.deciding]
    return {
        "id": f"{exported.iri}#assessment",
        "type": "Statement",
        "description": f"{summary.proposition.label} Assessed: {summary.words}.",
        "specifiedBy": _method(source),
        "proposition": _proposition(source, exported),
        "direction": direction,
        **strength,
        **({"hasEvidenceLines": lines} if lines else {}),
        "extensions": _extensions(own | {"release": source.release.id}),
    }


def _proposition(source: ExportSource, exported: ExportedProposition) -> dict[str, Any]:
    summary, terms = exported.summary, source.vocabulary.terms
    subject, predicate, target = (summary.roles[name][0] for name in ("subject", "predicate", "object"))
    return {
        "id": exported.iri,
        "type": summary.type.iri.removeprefix(terms),
        "name": summary.proposition.label,
        "subject": _concept(source, subject),
        "predicate": predicate.iri.removeprefix(terms),
        "object": _concept(source, target),
        **{f"{name}Qualifier": _concepts(source, named) for name, named in exported.qualifiers.items()},
        "extensions": _extensions({"predicate": predicate.iri, **exported.amounts}),
    }


def _line(source: ExportSource, exported: ExportedProposition, applied: AppliedEvidence) -> dict[str, Any]:
    own: dict[str, Any] = {"direction": applied.direction.iri, "route": applied.route.iri, "design": applied.design.iri}
    if applied.gaps:
        own["indirectness"] = list(applied.gaps)
    return {
        "id": applied.application.iri,
        "type": "EvidenceLine",
        "description": applied.found,
        "targetProposition": exported.iri,
        "directionOfEvidenceProvided": _SIDES.get(applied.side, "neutral"),
        "hasEvidenceItems": [applied.result.iri],
        "reportedIn": [_document(source.publications[applied.study.iri])],
        "extensions": _extensions(own),
    }


def _document(publication: Publication) -> dict[str, Any]:
    has_plain_doi = _DOI.fullmatch(publication.doi)
    document = {
        "title": publication.title,
        "description": publication.citation,
        "doi": publication.doi if has_plain_doi else "",
        "pmid": publication.pmid,
    }
    urls = [f"https://doi.org/{publication.doi}"] if publication.doi and not has_plain_doi else []
    urls += [publication.address] if publication.address and not publication.doi else []
    known = {name: text for name, text in document.items() if text} | ({"urls": urls} if urls else {})
    return {"id": publication.study.iri, "type": "Document", "name": publication.study.label, **known}


def _method(source: ExportSource) -> dict[str, Any]:
    return {
        "id": source.vocabulary.base + "methods",
        "type": "Method",
        "name": "computed assessment of vitk",
        "description": "A rule computes direction and certainty from recorded facts of studies; no panel judged them.",
        "reportedIn": source.vocabulary.base + "methods",
    }


def _certainty(source: ExportSource, certainty: Reference) -> dict[str, Any]:
    rating = {"system": _CERTAINTY_RATING, "code": certainty.label.replace(" ", "-")}
    return {
        **_coded(source, certainty),
        "conceptType": "computed certainty",
        "mappings": [{"coding": rating, "relation": "closeMatch"}],
    }


def _concepts(source: ExportSource, named: tuple[Reference, ...]) -> dict[str, Any]:
    concepts = [_concept(source, one) for one in named]
    several = {"type": "ConceptSet", "concepts": concepts, "membershipOperator": "AND"}
    return several if len(concepts) > 1 else concepts[0]


def _concept(source: ExportSource, named: Reference) -> dict[str, Any]:
    mappings = [
        {
            "coding": {"system": known.iri.removesuffix(known.local), "code": known.curie, "iris": [known.iri]},
            "relation": "exactMatch",
        }
        for known in source.identifiers.get(named.iri, ())
    ]
    return {**_coded(source, named), **({"mappings": mappings} if mappings else {})}


def _coded(source: ExportSource, named: Reference) -> dict[str, Any]:
    system = next(start for start in source.vocabulary.prefixes.values() if named.iri.startswith(start))
    coding = {"system": system, "code": named.iri.removeprefix(system), "iris": [named.iri]}
    return {"type": "MappableConcept", "name": named.label, "primaryCoding": coding}


def _extensions(values: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"name": name, "value": value} for name, value in values.items()]
