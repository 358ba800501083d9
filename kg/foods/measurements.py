"""One measured amount of one component in one food, with its provenance."""

from __future__ import annotations

from dataclasses import dataclass

from kg import amounts
from kg.reader.entity import Reference
from kg.reader.reader import Reader


@dataclass(frozen=True)
class MeasurementDetails:
    """A measurement: value, unit and basis as printed (``words``), and the value in µg per 100 g or ""."""

    food: Reference
    component: Reference
    words: str
    micrograms: str
    origin: Reference | None
    method: Reference | None
    donor: Reference | None
    points: str
    superseded_by: Reference | None
    supersedes: Reference | None
    repeats: Reference | None
    sources: tuple[Reference, ...]
    publications: tuple[str, ...]


_FIELDS = {
    "low": "minimumAmount", "high": "maximumAmount", "unit": "unit", "per": "referenceAmount",
    "perUnit": "referenceUnit", "below": "isBelowDetection", "isTrace": "isTrace",
    "belowQuantification": "isBelowQuantification",
}  # fmt: skip


def measurement_details(reader: Reader, measurement: str) -> MeasurementDetails | None:
    """Returns a measurement, or ``None`` if no food has it."""
    rows = reader.run("pages/measurement", {"measurement": measurement})
    if not rows:
        return None
    refer = reader.references(
        rows, "food", "component", "origin", "method", "donor", "source", "supersededBy", "supersedes", "repeats"
    )
    row = rows[0]

    def one(column: str) -> Reference | None:
        return refer[row[column].value] if column in row else None

    return MeasurementDetails(
        food=refer[row["food"].value],
        component=refer[row["component"].value],
        words=amounts.phrase({name: row[column].value for column, name in _FIELDS.items() if column in row}),
        micrograms="–".join(amounts.number(row[column].value) for column in ("micrograms", "upTo") if column in row),
        origin=one("origin"),
        method=one("method"),
        donor=one("donor"),
        points=row["points"].value if "points" in row else "",
        superseded_by=one("supersededBy"),
        supersedes=one("supersedes"),
        repeats=one("repeats"),
        sources=tuple(refer[iri] for iri in sorted({r["source"].value for r in rows if "source" in r})),
        publications=tuple(sorted({r["citation"].value for r in rows if "citation" in r})),
    )
