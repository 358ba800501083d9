"""Numbers that studies found for an outcome, and intakes that authorities set for some people."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from kg import amounts
from kg.rdf.terms import Row
from kg.reader.entity import Reference
from kg.reader.reader import Reader

_RATIOS = ("ratio",)


@dataclass(frozen=True)
class ReportedEffect:
    """What one study found; ``size``, ``low`` and ``high`` are as printed, ``low`` and ``high`` the 95 % limits.

    ``is_ratio`` is true for risk, odds and hazard ratios, for which 1 means no difference.
    """

    study: Reference
    design: Reference
    found: str
    measure: Reference
    size: Decimal
    low: Decimal | None
    high: Decimal | None
    unit: str
    p_value: str
    is_ratio: bool


@dataclass(frozen=True)
class ReferenceIntake:
    """A reference intake: who set it, of what, how much, by which study or report."""

    intake: Reference
    authority: Reference
    nutrient: Reference
    words: str
    study: Reference


def of_outcome(reader: Reader, outcome: str) -> list[ReportedEffect]:
    """The results with a number: ratios first, then by study."""
    rows = reader.run("pages/outcome-results", {"outcome": outcome})
    refer = reader.references(rows, "study", "design", "measure")
    found = [_reported_effect(group[0], refer) for group in reader.grouped(rows, "result").values()]
    return sorted(found, key=lambda one: (not one.is_ratio, one.measure.label, one.study.label, one.size))


def intakes_of(reader: Reader, population: str) -> list[ReferenceIntake]:
    """What authorities set for some people."""
    rows = reader.run("pages/intakes-for", {"population": population})
    refer = reader.references(rows, "intake", "authority", "nutrient", "study")
    return sorted(
        (
            ReferenceIntake(
                intake=refer[row["intake"].value],
                authority=refer[row["authority"].value],
                nutrient=refer[row["nutrient"].value],
                words=_intake_words(row),
                study=refer[row["study"].value],
            )
            for row in rows
        ),
        key=lambda intake: (intake.authority.label, intake.intake.label),
    )


def _reported_effect(row: Row, refer: dict[str, Reference]) -> ReportedEffect:
    measure = refer[row["measure"].value]
    bound = "< " if "below" in row and row["below"].value == "true" else ""
    bound = bound or ("> " if "above" in row and row["above"].value == "true" else "")
    return ReportedEffect(
        study=refer[row["study"].value],
        design=refer[row["design"].value],
        found=row["found"].value,
        measure=measure,
        size=Decimal(row["size"].value),
        low=Decimal(row["low"].value) if "low" in row else None,
        high=Decimal(row["high"].value) if "high" in row else None,
        unit=amounts.UNIT_SYMBOLS.get(row["unit"].value, "") if "unit" in row else "",
        p_value=bound + row["p"].value if "p" in row else "",
        is_ratio=any(word in measure.label for word in _RATIOS),
    )


_FIELDS = {"minimum": "minimumAmount", "maximum": "maximumAmount", "unit": "unit", "perDays": "perDays"}


def _intake_words(row: Row) -> str:
    words = amounts.phrase({name: row[column].value for column, name in _FIELDS.items() if column in row})
    return words + (" per kg of body mass" if "perKilogram" in row and row["perKilogram"].value == "true" else "")
