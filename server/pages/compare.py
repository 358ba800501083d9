"""Two forms of vitamin K, or two foods, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response, make_response, render_template, request

from kg.foods import composition, vitamin_forms
from kg.reader.entity import Entity
from kg.reader.reader import Reader
from server.core import conditional
from server.core.state import app_state
from server.http.problems import Problem

_MAX_LENGTH = 120
_FORMS, _FOODS = ("VitaminKForm", "Menaquinone"), ("Food", "TableFood")


@dataclass(frozen=True)
class ComparedEntity:
    """One of the two: the thing, whether it is a form or a food, and what there is to compare."""

    entity: Entity
    is_form: bool
    parts: dict[str, Any]


def compare() -> Response:
    """``?a=`` and ``?b=`` are names or words; with one or none, the form to choose them."""
    if fresh := conditional.not_modified():
        return fresh
    given = [request.args.get(name, "").strip() for name in ("a", "b")]
    if any(len(text) > _MAX_LENGTH for text in given):
        raise Problem(400, "Too long", f"A name has at most {_MAX_LENGTH} characters.")
    reader = app_state().reader
    sides: list[ComparedEntity | None] = []
    problems = []
    for text in given:
        side, problem = _side(reader, text) if text else (None, "")
        sides.append(side)
        problems += [problem] if problem else []
    one, other = sides
    if one and other and one.is_form != other.is_form:
        problems.append("One of them is a form of vitamin K and the other a food: take two of the same sort.")
    if one and other and one.entity.iri == other.entity.iri:
        problems.append("Both are the same.")
    choices = _choices(reader)
    page = render_template("compare.html", given=given, one=one, other=other, problems=problems, choices=choices)
    if any(text and not side for side, text in zip(sides, given, strict=True)):
        return make_response(page, 404)
    return conditional.cacheable(make_response(page))


def _side(reader: Reader, text: str) -> tuple[ComparedEntity | None, str]:
    """The thing of that name, or why there is none."""
    entity = reader.entity(reader.vocabulary.entity_iri(text), text)
    if entity is None:
        hits = reader.search.find(text, limit=10)
        wanted = {reader.vocabulary.term(name) for name in (*_FORMS, *_FOODS)}
        hit = next((hit for hit in hits if hit.type in wanted), None)
        entity = reader.entity(hit.iri, hit.iri.removeprefix(reader.vocabulary.entities)) if hit else None
    if entity is None:
        return None, f"There is no form and no food called “{text}”."
    classes = {one.iri.removeprefix(reader.vocabulary.terms) for one in entity.types}
    if classes & set(_FORMS):
        return ComparedEntity(entity, is_form=True, parts=_of_form(reader, entity)), ""
    if classes & set(_FOODS):
        return ComparedEntity(entity, is_form=False, parts=_of_food(reader, entity, is_row="TableFood" in classes)), ""
    return None, f"{entity.label} is neither a form of vitamin K nor a food."


def _of_form(reader: Reader, entity: Entity) -> dict[str, Any]:
    """What is told of a form; doubtful are the claims that have a flaw, and the doses that only such claims name."""
    doses = vitamin_forms.doses(reader, entity.iri)
    flawed = {iri for iri, claim_summary in app_state().claim_index.summaries.items() if claim_summary.flaws}
    unbacked = {dose.regimen.iri for dose in doses if not dose.studies and {c.iri for c in dose.claims} <= flawed}
    return {
        "chain": entity.related("isoprenoidUnitCount"),
        "times": vitamin_forms.times(reader, entity.iri),
        "doses": doses,
        "foods": vitamin_forms.foods(reader, entity.iri),
        "flawed": flawed | unbacked,
    }


def _of_food(reader: Reader, entity: Entity, *, is_row: bool) -> dict[str, Any]:
    if not is_row:
        return {"amounts": composition.side_by_side(reader, entity.iri), "missing": []}
    of_vitamin_k = reader.forms_of_vitamin_k()
    given = composition.components(reader, entity.iri)
    measured = [measurement for component, measurement in given if component in of_vitamin_k]
    missing = composition.not_given(reader, entity.iri, (component for component, _ in given))
    return {"amounts": composition.of_table_food(reader, measured), "missing": missing}


def _choices(reader: Reader) -> list[tuple[str, str]]:
    """Names and labels that the page proposes: the forms, and the foods of the graph."""
    rows = reader.run("pages/comparable", {})
    start = reader.vocabulary.entities
    choices = {(row["entity"].value.removeprefix(start), row["label"].value) for row in rows}
    return sorted(choices, key=lambda choice: choice[1])
