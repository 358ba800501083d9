"""The vitamin K cycle, from the relations of its forms and enzymes."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from kg.claims import backlinks
from kg.reader.entity import Entity, Reference
from server.charts.chart import Chart, GraphSource
from server.svg.pathway import Cycle, EnzymeStep, draw_cycle

PATHWAY = "vitamin-k-cycle"
# Pages that show the cycle.
SHOWN_ON = ("vitamin-k", "vkorc1", "ggcx", "warfarin", "vitamin-k-cycle")
_VITAMIN, _HYDROQUINONE, _EPOXIDE, _MADE = (
    *("vitamin-k", "vitamin-k-hydroquinone", "vitamin-k-epoxide", "gamma-carboxyglutamic-acid"),
)
# The graph says in the descriptions of the epoxide and of this enzyme that it turns the one back into the vitamin.
_RECYCLING = "vkorc1"
_CYCLE = "vitamin-k-cycle"
# The antagonist that readers know best.
_DRUG = "warfarin"
_LONG = 22


def of_cycle(source: GraphSource, iri: str) -> Chart | None:
    """The cycle as the page of an entity shows it; ``None`` if the page does not, or if a step is not stated."""
    name = iri.rpartition("/")[2]
    if name not in SHOWN_ON:
        return None
    vitamin, hydroquinone, epoxide = (_entity(source, one) for one in (_VITAMIN, _HYDROQUINONE, _EPOXIDE))
    made, recycling = _entity(source, _MADE), _entity(source, _RECYCLING)
    if not (vitamin and hydroquinone and epoxide and made and recycling):
        return None
    is_stated = (
        _refers(hydroquinone, "isMadeFrom", vitamin)
        and _refers(epoxide, "isMadeFrom", hydroquinone)
        and all(
            any(one.iri.endswith(f"/{_CYCLE}") for one in _values(each, "takesPartIn")) for each in (epoxide, recycling)
        )
    )
    carboxylases = _values(epoxide, "isMadeBy")
    if not is_stated or not carboxylases:
        return None
    reducing = sorted(_values(hydroquinone, "isMadeBy"), key=lambda one: (one.iri != recycling.iri, one.label))
    proteins, count = _pointing(source, carboxylases[0].iri, "isCarboxylatedBy")
    cycle = Cycle(
        reduction=_step(source, vitamin, hydroquinone, reducing),
        carboxylation=_step(source, hydroquinone, epoxide, carboxylases),
        recycling=_step(source, epoxide, vitamin, [_reference(recycling)]),
        made=_reference(made),
        proteins=tuple(proteins[:4]),
        more=count - len(proteins[:4]),
        here=iri,
        short=_abbreviations(source, [*reducing, *carboxylases]),
    )
    rows = [
        (step.start.label, step.end.label, enzyme.label, ", ".join(one.label for one in inhibitors), basis, enzyme.iri)
        for step, basis in (
            (cycle.reduction, "is made from, is made by"),
            (cycle.carboxylation, "is made from, is made by"),
            (cycle.recycling, f"description of {recycling.label}"),
        )
        for enzyme, inhibitors in step.enzymes
    ]
    blocked = [one.label for *_, inhibitors in cycle.recycling.enzymes for one in inhibitors]
    drug = _DRUG if _DRUG in blocked else ", ".join(blocked)
    return Chart(
        kind=PATHWAY,
        name=name,
        finding=f"A cycle lets vitamin K be used again and again; {drug} acts on {recycling.label}",
        note=f"Arrows are steps with their enzymes; a line with a bar is inhibition: of {recycling.label} by "
        f"{', '.join(blocked)}. The hydroquinone is used up by {carboxylases[0].label}.",
        source="relations and descriptions of these entities",
        columns=("from", "to", "enzyme", "inhibited by", "stated as", "IRI of the enzyme"),
        rows=tuple(rows),
        draw=partial(draw_cycle, cycle=cycle),
    )


def _step(source: GraphSource, start: Entity, end: Entity, enzymes: list[Reference]) -> EnzymeStep:
    found = ((enzyme, tuple(_pointing(source, enzyme.iri, "inhibits")[0])) for enzyme in enzymes)
    return EnzymeStep(_reference(start), _reference(end), tuple(found))


def _pointing(source: GraphSource, iri: str, relation: str) -> tuple[list[Reference], int]:
    """Some entities with this relation to one, and how many there are."""
    for one in backlinks.first(source.reader, source.claim_index, iri):
        if one.property.iri == source.reader.vocabulary.term(relation):
            return list(one.shown), one.count
    return [], 0


def _abbreviations(source: GraphSource, enzymes: Iterable[Reference]) -> dict[str, str]:
    entities = [source.reader.entity(one.iri, "") for one in enzymes if len(one.label) > _LONG]
    return {one.iri: min(one.abbreviations, key=len) for one in entities if one and one.abbreviations}


def _entity(source: GraphSource, name: str) -> Entity | None:
    return source.reader.entity(source.reader.vocabulary.entity_iri(name), name)


def _reference(entity: Entity) -> Reference:
    return Reference(entity.iri, entity.label)


def _values(entity: Entity, relation: str) -> list[Reference]:
    found = entity.related(relation)
    return [one.value for one in found.values if isinstance(one.value, Reference)] if found else []


def _refers(entity: Entity, relation: str, to: Entity) -> bool:
    return any(one.iri == to.iri for one in _values(entity, relation))
