"""Effect sizes that studies report for an outcome."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from kg import amounts
from kg.rdf.terms import Row
from kg.reader.entity import Reference
from kg.reader.reader import Reader

_LIMITS = ("size", "low", "high")
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

    size, low, high = _with_equal_decimals(*(Decimal(row[name].value) if name in row else None for name in _LIMITS))
    assert size is not None
    return ReportedEffect(
        study=refer[row["study"].value],
        design=refer[row["design"].value],
        found=row["found"].value,
        measure=measure,
        size=size,
        low=low,
        high=high,
        unit=amounts.UNIT_SYMBOLS.get(row["unit"].value, "") if "unit" in row else "",
        p_value=bound + row["p"].value + (" for trend" if _is_true(row, "trend") else "") if "p" in row else "",
        is_ratio=any(word in measure.label for word in _RATIOS),
        sort=_sort(group),
        exposures=named("exposure"),
        notices=named("notice"),
    )


def _with_equal_decimals(*numbers: Decimal | None) -> list[Decimal | None]:
    """Returns an effect size and its limits with equal decimals: 0.7 beside 0.53 was printed as 0.70.

    RDF has no trailing zeros, and papers print a number and its interval alike. A number without an interval is left.
    """
    places = max((-int(one.as_tuple().exponent) for one in numbers if one is not None), default=0)
    if any(one is None for one in numbers) or places <= 0:
        return list(numbers)
    return [one.quantize(Decimal(1).scaleb(-places)) for one in numbers if one is not None]


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
