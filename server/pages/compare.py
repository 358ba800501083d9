"""The page ``/compare``: two forms of vitamin K, or two foods, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import Response, make_response, render_template, request

from kg.claims.claim_index import ClaimIndex
from kg.entities import view
from kg.entities.view import EntityView
from kg.foods import vitamin_forms
from kg.reader.entity import Entity
from kg.reader.reader import Reader
from server.core import conditional
from server.core.state import app_state
from server.http.problems import Problem

_MAX_LENGTH = 120
_FORMS, _FOODS = ("VitaminKForm", "Menaquinone"), ("Food", "TableFood")


@dataclass(frozen=True)
class ComparedEntity:
    """One of the two entities.

    Attributes:
        entity: the entity.
        is_form: whether it is a form of vitamin K; otherwise it is a food.
        parts: the data to compare, by the names that the template uses.
    """

    entity: Entity
    is_form: bool
    parts: dict[str, Any]


def compare() -> Response:
    """Renders the comparison of the entities ``?a=`` and ``?b=``, given by name or search terms.

    Without one of them, only the form to choose them is shown.

    Raises:
        Problem: 400 for a name that is too long.
    """
    if fresh := conditional.not_modified():
        return fresh
    given = [request.args.get(name, "").strip() for name in ("a", "b")]
    if any(len(text) > _MAX_LENGTH for text in given):
        raise Problem(400, "Name too long", f"The limit is {_MAX_LENGTH} characters.")
    current = app_state()
    reader = current.reader
    sides: list[ComparedEntity | None] = []
    problems = []
    for text in given:
        side, problem = _side(reader, current.claim_index, text) if text else (None, "")
        sides.append(side)
        problems += [problem] if problem else []
    one, other = sides
    if one and other and one.is_form != other.is_form:
        problems.append("One is a form of vitamin K, the other a food. Pick two forms or two foods.")
    if one and other and one.entity.iri == other.entity.iri:
        problems.append("Both are the same. Pick two different ones.")
    choices = _choices(reader)
    page = render_template("compare.html", given=given, one=one, other=other, problems=problems, choices=choices)
    if any(text and not side for side, text in zip(sides, given, strict=True)):
        return make_response(page, 404)
    return conditional.cacheable(make_response(page))


def _side(reader: Reader, claim_index: ClaimIndex, text: str) -> tuple[ComparedEntity | None, str]:
    """The entity with that name, or the reason why there is none."""
    found = view.load(reader, claim_index, reader.vocabulary.entity_iri(text), text)
    if found is None:
        hits = reader.search.find(text, limit=10)
        comparable = {reader.vocabulary.term(name) for name in (*_FORMS, *_FOODS)}
        hit = next((hit for hit in hits if hit.type in comparable), None)
        found = view.load(reader, claim_index, hit.iri) if hit else None
    if found is None:
        return None, f"No form of vitamin K and no food is called “{text}”."
    classes = {one.iri.removeprefix(reader.vocabulary.terms) for one in found.entity.types}
    if classes & set(_FORMS):
        return ComparedEntity(found.entity, is_form=True, parts=_form_parts(found)), ""
    if classes & set(_FOODS):
        parts = {"amounts": found.vitamin_k, "missing": found.unknown_forms}
        return ComparedEntity(found.entity, is_form=False, parts=parts), ""
    return None, f"{found.entity.label} is neither a form of vitamin K nor a food. Pick a form or a food."


def _form_parts(found: EntityView) -> dict[str, Any]:
    """The data on a form; ``flawed`` are the claims with a flaw, and the doses that only such claims name."""
    reader, form = found.reader, found.iri
    doses = vitamin_forms.doses(reader, form)
    flawed = {iri for iri, claim_summary in found.claim_index.summaries.items() if claim_summary.flaws}
    unbacked = {dose.regimen.iri for dose in doses if not dose.studies and {c.iri for c in dose.claims} <= flawed}
    return {
        "chain": found.entity.related("isoprenoidUnitCount"),
        "times": vitamin_forms.times(reader, form),
        "doses": doses,
        "foods": vitamin_forms.foods(reader, form),
        "flawed": flawed | unbacked,
    }


def _choices(reader: Reader) -> list[tuple[str, str]]:
    """Names and labels of the forms and foods that the page suggests."""
    rows = reader.run("pages/comparable", {})
    start = reader.vocabulary.entities
    choices = {(row["entity"].value.removeprefix(start), row["label"].value) for row in rows}
    return sorted(choices, key=lambda choice: choice[1])
