"""Effect sizes that studies report for an outcome."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from kg import amounts
from kg.rdf.terms import Row
from kg.reader.entity import Reference
from kg.reader.reader import Reader

_RATIOS, _PER_CENT = ("ratio",), "per cent"
_WITHOUT_UNIT = (*_RATIOS, "standardised")
TREATMENT, OBSERVED, MARKER, OTHER = "treatment", "observed", "marker", "other"
_TRIALS = ("randomized-controlled-trial", "meta-analysis-of-trials", "uncontrolled-trial")
TITLES = {
    TREATMENT: "Trials: what came of a treatment",
    OBSERVED: "Observation: what goes together with intake or status",
    MARKER: "Observation: what a marker in the blood goes together with",
    OTHER: "Animals, cells, foods and reports",
}


@dataclass(frozen=True)
class ReportedEffect:
    """An effect that one study reports; ``size``, ``low`` and ``high`` are as printed, the latter two the 95% limits.

    ``is_ratio`` is true for risk, odds and hazard ratios, where 1 means no difference; ``lacks_unit`` where a number
    needs a unit and none is recorded. ``p_value`` says if it is one for trend, which tests all groups together and not
    the two that the size compares. ``exposures`` are what people were given, took in or had, at the ``doses`` of the
    groups of a trial and besides ``together``; ``against`` is what it was compared with, and ``people`` are those
    studied; each is empty where it is not recorded. ``notices`` warn about the study.
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
    lacks_unit: bool
    sort: str
    exposures: tuple[Reference, ...]
    doses: tuple[Reference, ...]
    together: tuple[Reference, ...]
    against: tuple[Reference, ...]
    people: tuple[Reference, ...]
    notices: tuple[Reference, ...]

    @property
    def compared(self) -> str:
        """What was compared with what, in words; "" where neither is recorded."""
        # With several doses it is not recorded of which one a result is.
        given = _joined(self.doses if len(self.doses) == 1 else self.exposures)
        given += f" with {_joined(self.together)}" if given and self.together else ""
        return given + (f" against {_joined(self.against)}" if given and self.against else "")

    @property
    def excludes_one(self) -> bool:
        """Whether the interval of a ratio lies on one side of 1."""
        return (self.high is not None and self.high < 1) or (self.low is not None and self.low > 1)


@dataclass(frozen=True)
class EffectGroup:
    """Effects that can stand on one axis: those of trials, of observations or of markers, by one type of measure."""

    title: str
    sort: str
    is_ratio: bool
    effects: tuple[ReportedEffect, ...]


@dataclass(frozen=True)
class OutcomeStudy:
    """A study with results of one sort for an outcome; ``year`` is 0 where it is not recorded."""

    study: Reference
    design: Reference
    year: int
    sort: str
    found: tuple[str, ...]
    notices: tuple[Reference, ...]


def of_outcome(reader: Reader, outcome: str) -> list[EffectGroup]:
    """Returns the effect sizes for an outcome, in groups that can be compared: trials first, ratios before others."""
    rows = reader.run("pages/outcome-results", {"outcome": outcome})
    columns = ("study", "design", "measure", "exposure", "dose", "together", "against", "people", "notice")
    refer = reader.references(rows, *columns)
    found = [_reported_effect(group, refer) for group in reader.grouped(rows, "result").values()]
    found.sort(key=lambda effect: (effect.measure.label, effect.study.label, effect.size))
    groups = (
        EffectGroup(title, sort, is_ratio, tuple(one for one in found if (one.sort, one.is_ratio) == (sort, is_ratio)))
        for sort, title in TITLES.items()
        for is_ratio in (True, False)
    )
    return [group for group in groups if group.effects]


def studies_of(reader: Reader, outcome: str) -> list[OutcomeStudy]:
    """Returns the studies with a result for an outcome, the oldest first; one with results of two sorts twice."""
    rows = reader.run("pages/outcome-studies", {"outcome": outcome})
    refer = reader.references(rows, "study", "design", "notice")
    by_sort: dict[tuple[str, str], list[Row]] = {}
    for group in reader.grouped(rows, "result").values():
        for study, of_study in reader.grouped(group, "study").items():
            by_sort.setdefault((study, sort_of(of_study)), []).extend(of_study)
    found = [
        OutcomeStudy(
            study=refer[study],
            design=refer[some[0]["design"].value],
            year=int(some[0]["year"].value) if "year" in some[0] else 0,
            sort=sort,
            found=tuple(sorted({one["found"].value for one in some})),
            notices=tuple(refer[iri] for iri in sorted({one["notice"].value for one in some if "notice" in one})),
        )
        for (study, sort), some in by_sort.items()
    ]
    return sorted(found, key=lambda one: (one.year, one.study.label))


def _reported_effect(group: list[Row], refer: dict[str, Reference]) -> ReportedEffect:
    row = group[0]
    measure = refer[row["measure"].value]
    bound = "< " if _is_true(row, "below") else "> " if _is_true(row, "above") else ""

    def named(column: str) -> tuple[Reference, ...]:
        return tuple(refer[iri] for iri in sorted({one[column].value for one in group if column in one}))

    unit = "%" if _PER_CENT in measure.label else ""
    unit = amounts.UNIT_SYMBOLS.get(row["unit"].value, "") if "unit" in row else unit
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
        unit=unit,
        p_value=bound + row["p"].value + (" for trend" if _is_true(row, "trend") else "") if "p" in row else "",
        is_ratio=any(word in measure.label for word in _RATIOS),
        lacks_unit=not unit and "unit" not in row and not any(word in measure.label for word in _WITHOUT_UNIT),
        sort=sort_of(group),
        exposures=named("exposure"),
        doses=named("dose"),
        together=named("together"),
        against=named("against"),
        people=named("people"),
        notices=named("notice"),
    )


def _joined(some: tuple[Reference, ...]) -> str:
    *first, last = sorted(one.label for one in some) or [""]
    return f"{', '.join(first)} and {last}" if first else last


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


def sort_of(group: list[Row]) -> str:
    """Returns what a result is about; a treatment, an observation and a marker never share an axis.

    Args:
        group: rows of one result with ``design``, ``strand`` and ``isMarker``.
    """
    row = group[0]
    if row["design"].value.rpartition("/")[2] in _TRIALS:
        return TREATMENT
    if "strand" not in row or not row["strand"].value.endswith("#humanStrand"):
        return OTHER
    return MARKER if any(_is_true(one, "isMarker") for one in group) else OBSERVED


def _is_true(row: Row, column: str) -> bool:
    return column in row and row[column].value == "true"
