"""Reference intakes: how much vitamin K authorities set, and for whom."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from kg import amounts
from kg.answers.cards import Intake, IntakeCard
from kg.propositions.index import PropositionSummary
from kg.rdf.natural_order import natural_key
from kg.rdf.terms import Row
from kg.reader.entity import Reference
from kg.reader.reader import Reader

_FIELDS = {"minimum": "minimumAmount", "maximum": "maximumAmount", "unit": "unit", "perDays": "perDays"}


def all_intakes(reader: Reader) -> tuple[Intake, ...]:
    """Returns every reference intake of the graph, by authority and population."""
    rows = reader.run("reference-intakes", {"population": None})
    refer = reader.references(rows, "intake", "authority", "population", "nutrient", "study")
    found = {
        row["intake"].value: Intake(
            intake=refer[row["intake"].value],
            authority=refer[row["authority"].value],
            population=refer[row["population"].value],
            nutrient=refer[row["nutrient"].value],
            kind=row["kindName"].value if "kindName" in row else "",
            amount=_words(row),
            source=refer[row["study"].value],
            year=row["year"].value if "year" in row else "",
            is_superseded=row["isSuperseded"].value == "true",
            per_day=_per_day(row),
        )
        for row in rows
    }
    return tuple(sorted(found.values(), key=lambda one: (one.authority.label, natural_key(one.population.label))))


def groups_above(reader: Reader) -> Mapping[str, Sequence[str]]:
    """Returns the more general populations of each population, by IRI."""
    above: dict[str, list[str]] = {}
    for row in reader.run("pages/populations-above", {}):
        above.setdefault(row["population"].value, []).append(row["above"].value)
    return above


def intake_card(
    intakes: Iterable[Intake],
    above: Mapping[str, Sequence[str]],
    population: Reference,
    form: Reference | None,
    proposition: PropositionSummary | None,
) -> IntakeCard | None:
    """Returns what each authority sets for a population, without what it has replaced.

    An authority that sets nothing for the population itself is shown with what it sets for more general ones, or else
    for its subgroups.

    Args:
        intakes: all reference intakes.
        above: the more general populations of each one.
        population: the population.
        form: a form of which no authority sets an intake, if one was asked for.
        proposition: what is claimed of the intake of that form.
    """
    shown: list[Intake] = []
    by_authority: dict[str, list[Intake]] = {}
    for intake in (one for one in intakes if not one.is_superseded):
        by_authority.setdefault(intake.authority.iri, []).append(intake)
    for group in by_authority.values():
        own = [one for one in group if one.population.iri == population.iri]
        wider = [one for one in group if one.population.iri in above.get(population.iri, ())]
        narrower = [one for one in group if population.iri in above.get(one.population.iri, ())]
        shown += own or _narrowest(wider, above) or _widest(narrower, above)
    return IntakeCard((form or population,), tuple(shown), form, proposition) if shown else None


def _narrowest(intakes: list[Intake], above: Mapping[str, Sequence[str]]) -> list[Intake]:
    """Returns those for populations of which no other one is a part: adults, not people in general."""
    parts = {iri for one in intakes for iri in above.get(one.population.iri, ())}
    return [one for one in intakes if one.population.iri not in parts]


def _widest(intakes: list[Intake], above: Mapping[str, Sequence[str]]) -> list[Intake]:
    """Returns those for populations that are not part of another one of them: men and women, not pregnant women."""
    people = {one.population.iri for one in intakes}
    return [one for one in intakes if people.isdisjoint(above.get(one.population.iri, ()))]


def _words(row: Row) -> str:
    words = amounts.phrase({name: row[column].value for column, name in _FIELDS.items() if column in row})
    return words + (" per kg of body mass" if row["isPerKilogram"].value == "true" else "")


def _per_day(row: Row) -> tuple[Decimal, Decimal] | None:
    if row["isPerKilogram"].value == "true":
        return None
    factor = (1000 if row["unit"].value.endswith("/MilliGM") else 1) / Decimal(row["perDays"].value)
    return Decimal(row["minimum"].value) * factor, Decimal(row["maximum"].value) * factor
