"""Vitamin K in usual servings: of one food, and of all foods that have one, as ranges over independent amounts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from kg import amounts
from kg.foods.composition import ComponentAmount
from kg.rdf.natural_order import natural_key
from kg.reader.entity import Reference
from kg.reader.reader import Reader

# The intake with which servings are compared; its amount, its nutrient and its people are read from the graph.
INTAKE = "intake-efsa-adults"
# In percent of that intake. No source in the graph states from which amount on a serving matters to people who take an
# anticoagulant, so this is a criterion of ours; whoever shows it says so.
COUNTERACTING_PERCENT = 20
# The catalogue queries behind it.
RANKING, COUNTERACTING = "foods-by-serving", "servings-that-may-counteract-a-drug"


@dataclass(frozen=True)
class ComparedIntake:
    """The reference intake with which servings are compared, in µg per day."""

    intake: Reference
    nutrient: Reference
    micrograms: Decimal


@dataclass(frozen=True)
class ServingAmount:
    """The amounts of one form in a serving, in µg, from the lowest to the highest independent one.

    ``measurements`` counts them. ``percent`` is the share of the reference intake in words, "" if that is one of
    another nutrient. ``share_from`` and ``share`` are the ends of a bar, as fractions of the largest amount in the same
    list; the bar of a single number starts at zero.
    """

    form: Reference
    least: Decimal
    most: Decimal
    measurements: int
    percent: str = ""
    share_from: float = 0.0
    share: float = 0.0

    @property
    def words(self) -> str:
        """The number alone if both ends are equal, or else the range."""
        return _range(self.least, self.most)


@dataclass(frozen=True)
class Serving:
    """A usual serving: its name, its mass in grams, who gives this mass, and the amounts in it by form.

    ``foods`` are the foods of which it is a serving; ``size_source`` is a food table or a document.
    """

    serving: Reference
    grams: str
    size_source: Reference | None
    measure: Reference
    foods: frozenset[str]
    amounts: tuple[ServingAmount, ...]


@dataclass(frozen=True)
class RankedServing:
    """A serving in a ranking, by the amount of one form in it."""

    serving: Reference
    amount: ServingAmount


def compared_intake(reader: Reader) -> ComparedIntake | None:
    """Returns the reference intake with which servings are compared, or ``None`` if the graph does not have it."""
    wanted = reader.vocabulary.entity_iri(INTAKE)
    rows = reader.run("reference-intakes", {"population": reader.vocabulary.entity_iri("adults")})
    row = next((row for row in rows if row["intake"].value == wanted), None)
    if row is None:
        return None
    refer = reader.references([row], "intake", "nutrient")
    return ComparedIntake(refer[wanted], refer[row["nutrient"].value], Decimal(row["minimum"].value))


def of_food(
    reader: Reader, food: str, beside: Iterable[ComponentAmount], intake: ComparedIntake | None
) -> list[Serving]:
    """Returns the usual servings of a food, the lightest first.

    Args:
        reader: the release.
        food: IRI of the food.
        beside: the amounts per 100 g; those that do not count as independent are left out.
        intake: the intake with which amounts of its nutrient are compared.
    """
    rows = reader.run("pages/food-servings", {"food": food})
    refer = reader.references(rows, "serving", "measure", "sizeSource")
    counted = [one for one in beside if one.is_independent and one.micrograms is not None]
    found = []
    for group in reader.grouped(rows, "serving").values():
        row, grams = group[0], Decimal(group[0]["grams"].value)
        eaten = frozenset(one["eaten"].value for one in group)
        of_these = [one for one in counted if (one.food.iri if one.food else food) in eaten]
        found.append(
            Serving(
                serving=refer[row["serving"].value],
                grams=amounts.number(row["grams"].value),
                size_source=refer[row["sizeSource"].value] if "sizeSource" in row else None,
                measure=refer[row["measure"].value],
                foods=eaten,
                amounts=_by_form(of_these, grams, intake),
            )
        )
    return found


def ranked(reader: Reader, form: str, intake: ComparedIntake | None) -> list[RankedServing]:
    """Returns all usual servings with a form or a subform of it, the largest lowest amount first."""
    rows = reader.run(RANKING, {"form": form, "intake": reader.vocabulary.entity_iri(INTAKE)})
    refer = reader.references(rows, "serving", "form")
    pairs: dict[tuple[str, str], list[tuple[Decimal, Decimal]]] = {}
    for row in rows:
        low = Decimal(row["micrograms"].value)
        high = Decimal(row["upTo"].value) if "upTo" in row else low
        pairs.setdefault((row["serving"].value, row["form"].value), []).append((low, high))
    largest = max((high for ends in pairs.values() for _, high in ends), default=Decimal(0)) or Decimal(1)
    found = [
        RankedServing(refer[serving], _amount(refer[form], ends, intake, largest))
        for (serving, form), ends in pairs.items()
    ]
    return sorted(found, key=lambda one: (-one.amount.least, -one.amount.most, natural_key(one.serving.label)))


def counteracting(reader: Reader, drug: str, intake: ComparedIntake) -> list[RankedServing]:
    """Returns the servings that may counteract a drug, by the highest amount, the largest first.

    Listed is what reaches ``COUNTERACTING_PERCENT`` of the intake by its highest independent amount of one substance.
    """
    percent = Decimal(COUNTERACTING_PERCENT)
    rows = reader.run(COUNTERACTING, {"drug": drug, "intake": intake.intake.iri, "percent": percent})
    refer = reader.references(rows, "serving", "substance")
    return [
        RankedServing(
            refer[row["serving"].value],
            ServingAmount(
                form=refer[row["substance"].value],
                least=Decimal(row["lowest"].value),
                most=Decimal(row["highest"].value),
                measurements=int(row["measurements"].value),
            ),
        )
        for row in rows
    ]


def _by_form(
    counted: Iterable[ComponentAmount], grams: Decimal, intake: ComparedIntake | None
) -> tuple[ServingAmount, ...]:
    by_form: dict[Reference, list[tuple[Decimal, Decimal]]] = {}
    for one in counted:
        if one.micrograms is not None:
            ends = (one.micrograms * grams / 100, (one.up_to or one.micrograms) * grams / 100)
            by_form.setdefault(one.component, []).append(ends)
    found = [_amount(form, ends, intake, Decimal(1)) for form, ends in by_form.items()]
    return tuple(sorted(found, key=lambda one: (one.most == 0, natural_key(one.form.label))))


def _amount(
    form: Reference, ends: Sequence[tuple[Decimal, Decimal]], intake: ComparedIntake | None, largest: Decimal
) -> ServingAmount:
    least, most = min(low for low, _ in ends), max(high for _, high in ends)
    percent = ""
    if intake and form == intake.nutrient:
        low, high = (_whole(100 * end / intake.micrograms) for end in (least, most))
        percent = f"{low} %" if low == high else f"{low}–{high} %"
    start = float(least / largest) if least < most else 0.0
    return ServingAmount(form, least, most, len(ends), percent, start, float(most / largest))


def _range(least: Decimal, most: Decimal) -> str:
    low, high = _rounded(least), _rounded(most)
    return low if low == high else f"{low}–{high}"


def _whole(value: Decimal) -> str:
    if 0 < value < 1:
        return "under 1"
    return amounts.number(str(value.quantize(Decimal(1), ROUND_HALF_UP)))


def _rounded(value: Decimal) -> str:
    """Formats with at least three significant figures, since a portion's amount is computed from a rounded one."""
    exponent = Decimal("0.01") if value < 1 else Decimal("0.1") if value < 100 else Decimal(1)
    return amounts.number(str(value.quantize(exponent, ROUND_HALF_UP)))
