"""The page of one thing, one claim or one ontology term."""

from __future__ import annotations

from itertools import groupby

from flask import Response, make_response, render_template

from kg import evidence, foods
from kg.entity import ClaimLine, Entity, Reference
from kg.formats import GRAPH_FORMATS
from kg.search import normalise
from kg.vocabulary import BIBO_DOI, BIBO_PMID, DCTERMS_CITATION, DCTERMS_TITLE
from server import caching
from server.linked_data import unknown
from server.site import site

# Shown in the sentence or the summary of a claim page, so not repeated among its qualifiers.
_TOLD_ABOVE = {
    *("subject", "effect", "object", "hedge", "basis", "minimumAmount", "maximumAmount", "unit", "referenceAmount"),
    *(
        "referenceUnit",
        "isApproximate",
        "isMinimumExclusive",
        "perDays",
        "isDivided",
        "isSingleDose",
        "hasFlaw",
        "hasEvidenceLine",
    ),
    *("verdict", "hasResult", "design"),
}

# The roles of an interaction, as its page calls them, in the order in which it tells them.
_ROLES = {
    "precipitant": "What acts (precipitant)",
    "affectedSubstance": "What is affected (object)",
    "effect": "Effect",
    "outcome": "With regard to",
    "mechanism": "Mechanism",
    "severity": "Severity",
    "guidance": "Management",
}

# Shown in the tables of amounts of a food.
_TOLD_OF_FOODS = (
    *("hasMeasurement", "hasHouseholdMeasure", "correspondsTo", "hasExactTableFood", "hasBroaderTableFood"),
    *("hasNarrowerTableFood", "hasNearestTableFood"),
)

_TOLD_OF_STUDIES = {BIBO_DOI, BIBO_PMID, DCTERMS_CITATION, DCTERMS_TITLE}


def show(name: str) -> Response:
    return _page(name, site().reader.vocabulary.thing(name), GRAPH_FORMATS)


def show_term(name: str) -> Response:
    return _page(name, site().reader.vocabulary.term(name), ())


def _page(name: str, iri: str, formats: tuple[object, ...]) -> Response:
    if fresh := caching.not_modified():
        return fresh
    entity = site().reader.entity(iri, name)
    if entity is None:
        raise unknown(name)
    template, weighed = _weighed(entity)
    is_claim = entity.related("effect") is not None
    told_above = {site().reader.vocabulary.term(name) for name in _TOLD_ABOVE} | _TOLD_OF_STUDIES
    is_summarised = is_claim or bool(entity.amount) or entity.related("design") is not None
    if entity.related("precipitant"):
        told_above |= {site().reader.vocabulary.term(name) for name in _ROLES}
    if template == "food.html":
        told_above = {site().reader.vocabulary.term(name) for name in _TOLD_OF_FOODS}
        is_summarised = True
    relations = [r for r in entity.relations if not is_summarised or r.property.iri not in told_above]
    short_names = _told_apart(entity.abbreviations)[:2]
    said = {normalise(name) for name in (entity.label, *short_names)}
    page = render_template(
        template,
        **weighed,
        entity=entity,
        relations=relations,
        claims=_by_kind(entity),
        formats=formats,
        many=len(entity.claims) > 8,
        is_section=any(line.section.iri == iri for line in entity.claims),
        short_names=short_names,
        other_names=[name for name in (*entity.abbreviations, *entity.synonyms) if normalise(name) not in said],
    )
    return caching.validated(make_response(page))


def _weighed(entity: Entity) -> tuple[str, dict[str, object]]:
    """The template for the thing, and what only that template shows."""
    reader = site().reader
    if entity.related("effect"):
        lines = evidence.lines_of_claim(reader, entity.iri)
        deciding = sorted({line.study.label for line in lines if line.decides})
        flaws = evidence.flaws_of_claim(reader, entity.iri)
        roles = (
            [(title, entity.related(role)) for role, title in _ROLES.items()] if entity.related("precipitant") else []
        )
        return "claim.html", {
            "lines": lines,
            "flaws": flaws,
            "roles": roles,
            "balance": evidence.balance(lines),
            "deciding": deciding,
        }
    if entity.related("design"):
        return "study.html", {
            "results": evidence.results_of_study(reader, entity.iri),
            "lines": evidence.lines_of_study(reader, entity.iri),
            "titles": entity.texts(DCTERMS_TITLE),
            "citations": entity.texts(DCTERMS_CITATION),
            "dois": entity.texts(BIBO_DOI),
            "pmids": entity.texts(BIBO_PMID),
        }
    if table := entity.related("inTable"):
        table_iri = next(s.value.iri for s in table.values if isinstance(s.value, Reference))
        return "food.html", {
            "amounts": foods.of_table_food(reader, entity.iri),
            "missing": foods.not_given(reader, entity.iri),
            "covers_menaquinones": foods.covers_vitamin_k2(reader, table_iri),
            "portions": foods.portions(reader, entity.iri),
        }
    if entity.related("hasMeasurement") or entity.related("correspondsTo"):
        return "food.html", {"beside": foods.side_by_side(reader, entity.iri)}
    return "entity.html", {}


def _told_apart(names: tuple[str, ...]) -> list[str]:
    """The names without those that differ in signs alone, such as MK7 beside MK-7."""
    return list({normalise(name): name for name in reversed(names)}.values())[::-1]


def _by_kind(entity: Entity) -> list[tuple[str, list[ClaimLine]]]:
    lines = sorted(entity.claims, key=lambda line: line.kind.label)
    groups = [(kind, list(group)) for kind, group in groupby(lines, key=lambda line: line.kind.label)]
    return sorted(groups, key=lambda group: -len(group[1]))
