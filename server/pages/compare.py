"""The page ``/compare``: two forms of vitamin K, or two foods, side by side."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import ClassVar

from flask import Response, make_response, render_template, request

from kg.claims.claim_index import ClaimIndex
from kg.entities import view
from kg.entities.view import EntityView
from kg.foods import vitamin_forms
from kg.foods.composition import ComponentAmount
from kg.foods.vitamin_forms import Dose, FoodContent, Time
from kg.rdf.formats import HTML, Format
from kg.reader.entity import Entity, Reference, Relation
from kg.reader.reader import Reader
from server.charts import chart_of
from server.charts.compared import COMPARED
from server.core import conditional
from server.core.state import app_state
from server.http.negotiation import negotiate
from server.http.problems import Problem
from server.linked_data import listings
from server.linked_data.listings import Listing

_MAX_LENGTH = 120
_FORMS, _FOODS = ("VitaminKForm", "Menaquinone"), ("Food", "TableFood")


@dataclass(frozen=True)
class ComparedForm:
    """A form of vitamin K.

    Attributes:
        entity: the form.
        chain: the length of its side chain, or ``None``.
        times: its circulation times and half-lives, the longest first.
        doses: the doses that claims and studies name.
        foods: the foods richest in it.
        flawed: IRIs of the claims with a flaw, and of the doses that only such claims name.
    """

    entity: Entity
    chain: Relation | None
    times: Sequence[Time]
    doses: Sequence[Dose]
    foods: Sequence[FoodContent]
    flawed: Set[str]
    is_form: ClassVar[bool] = True


@dataclass(frozen=True)
class ComparedFood:
    """A food.

    Attributes:
        entity: the food.
        amounts: how much of each form of vitamin K it contains.
        missing: the forms whose amount is unknown.
    """

    entity: Entity
    amounts: Sequence[ComponentAmount]
    missing: Sequence[Reference]
    is_form: ClassVar[bool] = False


ComparedEntity = ComparedForm | ComparedFood


def compare() -> Response:
    """Renders the comparison of the entities ``?a=`` and ``?b=``, given by name or search terms.

    Without one of them, only the form to choose them is shown.

    Raises:
        Problem: 400 for a name that is too long.
    """
    chosen = negotiate(listings.FORMATS)
    if fresh := conditional.not_modified(chosen.content_type):
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
    if chosen.name != HTML.name:
        return _in_rdf(reader, [side for side in sides if side], problems, chosen)
    choices = _choices(reader)
    pair = f"{one.entity.name}~{other.entity.name}" if one and other else ""
    chart = chart_of(current, COMPARED, pair) if pair and not problems else None
    page = render_template(
        "compare.html", given=given, one=one, other=other, problems=problems, choices=choices, chart=chart
    )
    if any(text and not side for side, text in zip(sides, given, strict=True)):
        return make_response(page, 404)
    return listings.as_page(make_response(page))


def _in_rdf(reader: Reader, sides: Sequence[ComparedEntity], problems: Sequence[str], chosen: Format) -> Response:
    """What is compared, each with the data of its own document."""
    if problems:
        raise Problem(404, "Nothing to compare", " ".join(problems))
    iris = [side.entity.iri for side in sides]
    query = reader.catalogue["pages/entity-data"]
    triples = {triple for iri in iris for triple in reader.triples(query.fill({"entity": iri}))}
    return listings.respond(Listing(iris, sorted(triples, key=str), len(iris), "Compared"), {}, chosen)


def _side(reader: Reader, claim_index: ClaimIndex, text: str) -> tuple[ComparedEntity | None, str]:
    """The entity with that name, or the reason why there is none."""
    found = view.load(reader, claim_index, reader.vocabulary.entity_iri(text), text)
    if found is None:
        hits = reader.search.hits(reader.search.matches(text, most=10, partial=False).found[:10])
        comparable = {reader.vocabulary.term(name) for name in (*_FORMS, *_FOODS)}
        hit = next((hit for hit in hits if hit.type in comparable), None)
        found = view.load(reader, claim_index, hit.iri) if hit else None
    if found is None:
        return None, f"No form of vitamin K and no food is called “{text}”."
    classes = {one.iri.removeprefix(reader.vocabulary.terms) for one in found.entity.types}
    if classes & set(_FORMS):
        return _form(found), ""
    if classes & set(_FOODS):
        return ComparedFood(found.entity, found.vitamin_k, found.unknown_forms), ""
    if "FoodGroup" in classes:
        return None, f"“{found.entity.label}” is a group of foods. Pick one of its foods, or a form of vitamin K."
    return None, f"{found.entity.label} is neither a form of vitamin K nor a food. Pick a form or a food."


def _form(found: EntityView) -> ComparedForm:
    reader, form = found.reader, found.iri
    doses = vitamin_forms.doses(reader, form)
    flawed = {iri for iri, claim_summary in found.claim_index.summaries.items() if claim_summary.flaws}
    unbacked = {dose.regimen.iri for dose in doses if not dose.studies and {c.iri for c in dose.claims} <= flawed}
    return ComparedForm(
        found.entity,
        chain=found.entity.related("isoprenoidUnitCount"),
        times=vitamin_forms.times(reader, form),
        doses=doses,
        foods=vitamin_forms.foods(reader, form),
        flawed=flawed | unbacked,
    )


def _choices(reader: Reader) -> list[tuple[str, str]]:
    """Names and labels of the forms and foods that the page suggests."""
    rows = reader.run("pages/comparable", {})
    start = reader.vocabulary.entities
    choices = {(row["entity"].value.removeprefix(start), row["label"].value) for row in rows}
    return sorted(choices, key=lambda choice: choice[1])
