"""Effect sizes that studies report for an outcome."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from kg import amounts
from kg.rdf.terms import Row
from kg.reader.entity import Reference
from kg.reader.reader import Reader

_RATIOS = ("ratio",)
TREATMENT, OBSERVED, MARKER, OTHER = "treatment", "observed", "marker", "other"
_TRIALS = ("randomized-controlled-trial", "meta-analysis-of-trials", "uncontrolled-trial")
_TITLES = {
    TREATMENT: "Trials: what came of a treatment",
    OBSERVED: "Observation: what goes together with intake or status",
    MARKER: "Observation: what a marker in the blood goes together with",
    OTHER: "Animals, cells, foods and reports",
}


@dataclass(frozen=True)
class ReportedEffect:
    """An effect that one study reports; ``size``, ``low`` and ``high`` are as printed, the latter two the 95% limits.

    ``is_ratio`` is true for risk, odds and hazard ratios, where 1 means no difference. ``p_value`` says if it is one
    for trend, which tests all groups together and not the two that the size compares. ``notices`` warn about the study.
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
    sort: str
    exposures: tuple[Reference, ...]
    notices: tuple[Reference, ...]

    @property
    def excludes_one(self) -> bool:
        """Whether the interval of a ratio lies on one side of 1."""
        return (self.high is not None and self.high < 1) or (self.low is not None and self.low > 1)


@dataclass(frozen=True)
class EffectGroup:
    """Effects that can stand on one axis: those of trials, of observations or of markers, by one type of measure."""

    title: str
    is_ratio: bool
    effects: tuple[ReportedEffect, ...]


def of_outcome(reader: Reader, outcome: str) -> list[EffectGroup]:
    """Returns the effect sizes for an outcome, in groups that can be compared: trials first, ratios before others."""
    rows = reader.run("pages/outcome-results", {"outcome": outcome})
    refer = reader.references(rows, "study", "design", "measure", "exposure", "notice")
    found = [_reported_effect(group, refer) for group in reader.grouped(rows, "result").values()]
    found.sort(key=lambda effect: (effect.measure.label, effect.study.label, effect.size))
    groups = (
        EffectGroup(title, is_ratio, tuple(one for one in found if (one.sort, one.is_ratio) == (sort, is_ratio)))
        for sort, title in _TITLES.items()
        for is_ratio in (True, False)
    )
    return [group for group in groups if group.effects]


def _reported_effect(group: list[Row], refer: dict[str, Reference]) -> ReportedEffect:
    row = group[0]
    measure = refer[row["measure"].value]
    bound = "< " if _is_true(row, "below") else "> " if _is_true(row, "above") else ""

    def named(column: str) -> tuple[Reference, ...]:
        return tuple(refer[iri] for iri in sorted({one[column].value for one in group if column in one}))

    size = _printed(row, "size")
    assert size is not None
    return ReportedEffect(
        study=refer[row["study"].value],
        design=refer[row["design"].value],
        found=row["found"].value,
        measure=measure,
        size=size,
        low=_printed(row, "low"),
        high=_printed(row, "high"),
        unit=amounts.UNIT_SYMBOLS.get(row["unit"].value, "") if "unit" in row else "",
        p_value=bound + row["p"].value + (" for trend" if _is_true(row, "trend") else "") if "p" in row else "",
        is_ratio=any(word in measure.label for word in _RATIOS),
        sort=_sort(group),
        exposures=named("exposure"),
        notices=named("notice"),
    )


def _printed(row: Row, column: str) -> Decimal | None:
    """Returns a number with the decimals that the sentence of the result has: RDF reduces 0.70 to 0.7."""
    if column not in row:
        return None
    number, text = Decimal(row[column].value), row["found"].value
    written = [number, *(number.quantize(Decimal(1).scaleb(-places)) for places in (1, 2, 3))]
    padded = (one for one in written if one == number and _holds(text, one))
    return next(padded, number)


def _holds(text: str, number: Decimal) -> bool:
    return re.search(rf"(?<![\d.]){re.escape(str(abs(number)))}(?![\d]|\.\d)", text) is not None


def _sort(group: list[Row]) -> str:
    """Returns what an effect is about; a treatment, an observation and a marker never share an axis."""
    row = group[0]
    if row["design"].value.rpartition("/")[2] in _TRIALS:
        return TREATMENT
    if "strand" not in row or not row["strand"].value.endswith("#humanStrand"):
        return OTHER
    return MARKER if any(_is_true(one, "isMarker") for one in group) else OBSERVED


def _is_true(row: Row, column: str) -> bool:
    return column in row and row[column].value == "true"
