"""Reads the mappings to external identifiers: one SSSOM file, each identifier checked by a pattern."""

from __future__ import annotations

from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad

from kg.errors import CuratedFileError, CuratedProblem
from kg.rdf import identifier_patterns
from kg.rdf.identifier_patterns import IdentifierPattern
from kg.rdf.vocabulary import DCTERMS_IDENTIFIER, OUTSIDE_PREFIXES, Vocabulary
from kg.release.release import IDENTIFIER_PATTERNS

MAPPINGS, PATTERNS = "mappings.sssom.tsv", IDENTIFIER_PATTERNS
SKOS_PREF_LABEL = OUTSIDE_PREFIXES["skos"] + "prefLabel"
_PREDICATES = ("exactMatch", "closeMatch", "broadMatch", "narrowMatch", "relatedMatch")
_REQUIRED = ("subject_id", "predicate_id", "object_id", "mapping_justification")


def read(curated: Path, vocabulary: Vocabulary) -> list[Quad]:
    """Returns the mapping triples for ``graph/entities``, with identifier and name of each external entity.

    Raises:
        CuratedFileError: rows that break a rule, each with its line.
    """
    if not (curated / MAPPINGS).exists():
        return []
    prefixes = identifier_patterns.read(curated / PATTERNS, vocabulary)
    graph, quads = NamedNode(vocabulary.graph("entities")), []
    problems, exact = [], dict[str, str]()
    for line, row in identifier_patterns.read_tsv(curated / MAPPINGS):
        if complaint := _complaint(row, prefixes, exact):
            problems.append(CuratedProblem(curated / MAPPINGS, line, "mapping", complaint))
            continue
        prefix, _, local = row["object_id"].partition(":")
        outside = NamedNode(prefixes[prefix].iri_start + local)
        subject = NamedNode(vocabulary.entity_iri(row["subject_id"].removeprefix("id:")))
        predicate = NamedNode(OUTSIDE_PREFIXES["skos"] + row["predicate_id"].removeprefix("skos:"))
        quads += [
            Quad(subject, predicate, outside, graph),
            Quad(outside, NamedNode(DCTERMS_IDENTIFIER), Literal(row["object_id"]), graph),
        ]
        if row["object_label"]:
            quads.append(Quad(outside, NamedNode(SKOS_PREF_LABEL), Literal(row["object_label"], language="en"), graph))
    if problems:
        raise CuratedFileError(problems)
    return quads


def _complaint(row: dict[str, str], prefixes: dict[str, IdentifierPattern], exact: dict[str, str]) -> str:
    missing = [name for name in _REQUIRED if not row.get(name)]
    if missing:
        return f"{', '.join(missing)} is empty"
    subject, predicate, object_id = row["subject_id"], row["predicate_id"], row["object_id"]
    prefix, _, local = object_id.partition(":")
    if not subject.startswith("id:"):
        return f"{subject} is not an entity of this graph; write id:name"
    if predicate.removeprefix("skos:") not in _PREDICATES:
        return f"{predicate} is not a mapping property; use one of {', '.join('skos:' + name for name in _PREDICATES)}"
    if prefix not in prefixes:
        return f"{object_id}: the prefix {prefix} is not in {PATTERNS}"
    if not prefixes[prefix].pattern.fullmatch(local):
        return f"{object_id} does not look like an identifier of {prefix} ({prefixes[prefix].pattern.pattern})"
    if predicate == "skos:exactMatch" and exact.setdefault(object_id, subject) != subject:
        return (
            f"{subject} and {exact[object_id]} both match {object_id} exactly; "
            "make one of them a close, broad or narrow match"
        )
    return ""
