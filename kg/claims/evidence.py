"""The flaws of a claim, and the lines and results of a study."""

from __future__ import annotations

from dataclasses import dataclass

from kg import amounts
from kg.propositions.evidence_summary import ABOUT_SOMETHING_ELSE
from kg.rdf.terms import Row
from kg.reader.entity import Reference
from kg.reader.reader import Reader


@dataclass(frozen=True)
class StudyLine:
    """The bearing of one result of a study on one proposition.

    ``directness`` says in which ways it is indirect; ``decides`` is true if it decides the proposition; otherwise
    ``reasons`` says why it is set aside.
    """

    found: str
    proposition: Reference
    direction: Reference
    directness: tuple[Reference, ...]
    decides: bool
    reasons: tuple[Reference, ...]

    @property
    def is_about_something_else(self) -> bool:
        """Whether it is about another substance or outcome, so that its direction says nothing on the proposition."""
        return any(reason.iri.rpartition("#")[2] in ABOUT_SOMETHING_ELSE for reason in self.reasons)


@dataclass(frozen=True)
class Flaw:
    """A flaw of a claim: the problem, the reason, and the claims that correct it."""

    said: str
    why: str
    kinds: tuple[Reference, ...]
    corrections: tuple[Reference, ...]
    studies: tuple[Reference, ...]


@dataclass(frozen=True)
class StudyResult:
    """The result of a study for one condition or measure, with its numbers as printed."""

    found: str
    result_for: tuple[Reference, ...]
    measure: Reference | None
    size: str
    deviation: str
    interval: str
    p_value: str
    arm: Reference | None
    against: Reference | None
    doses: tuple[Reference, ...]


def lines_of_study(reader: Reader, study: str) -> list[StudyLine]:
    """Returns what a study says on propositions, those that it helps to decide first."""
    rows = reader.run("pages/study-lines", {"study": study})
    refer = reader.references(rows, "direction", "directness", "proposition", "reason")
    lines = [
        StudyLine(
            found=group[0]["found"].value,
            proposition=refer[group[0]["proposition"].value],
            direction=refer[group[0]["direction"].value],
            directness=tuple(refer[iri] for iri in sorted({row["directness"].value for row in group})),
            decides="decides" in group[0],
            reasons=tuple(refer[iri] for iri in sorted({row["reason"].value for row in group if "reason" in row})),
        )
        for _, group in sorted(reader.grouped(rows, "line").items())
    ]
    return sorted(lines, key=lambda line: (not line.decides, line.proposition.label))


def flaws_of_claim(reader: Reader, claim: str) -> list[Flaw]:
    """Returns the flaws of a claim."""
    rows = reader.run("pages/claim-flaws", {"claim": claim})
    refer = reader.references(rows, "kind", "correction", "study")

    def named(group: list[Row], column: str) -> tuple[Reference, ...]:
        return tuple(refer[iri] for iri in sorted({row[column].value for row in group if column in row}))

    return [
        Flaw(
            said=group[0]["said"].value,
            why=group[0]["why"].value,
            kinds=named(group, "kind"),
            corrections=named(group, "correction"),
            studies=named(group, "study"),
        )
        for _, group in sorted(reader.grouped(rows, "flaw").items())
    ]


def results_of_study(reader: Reader, study: str) -> list[StudyResult]:
    """Returns the results of a study, with their numbers."""
    rows = reader.run("pages/study-results", {"study": study})
    refer = reader.references(rows, "for", "measure", "arm", "against", "dose")
    results = []
    for _, group in sorted(reader.grouped(rows, "result").items()):
        row = group[0]
        low, high = row.get("low"), row.get("high")
        p_value = row["p"].value if "p" in row else ""
        bound = "".join(sign for sign, column in (("< ", "below"), ("> ", "above")) if _is_true(row, column))
        results.append(
            StudyResult(
                found=row["found"].value,
                result_for=tuple(refer[iri] for iri in sorted({r["for"].value for r in group if "for" in r})),
                measure=refer[row["measure"].value] if "measure" in row else None,
                size=_size(row),
                interval=f"{low.value} to {high.value}" if low and high else "",
                p_value=bound + p_value + (" for trend" if _is_true(row, "trend") else ""),
                deviation=row["deviation"].value if "deviation" in row else "",
                arm=refer[row["arm"].value] if "arm" in row else None,
                against=refer[row["against"].value] if "against" in row else None,
                doses=tuple(refer[iri] for iri in sorted({r["dose"].value for r in group if "dose" in r})),
            )
        )
    return results


# The columns of a result that make up its effect size, with their names in kg.amounts.
_SIZE = {
    "minimum": "minimumAmount", "maximum": "maximumAmount", "unit": "unit", "perAmount": "referenceAmount",
    "perUnit": "referenceUnit", "approximate": "isApproximate", "exclusive": "isMinimumExclusive",
}  # fmt: skip


def _size(row: Row) -> str:
    """Formats the effect size, or otherwise the amount, with its unit."""
    fields = {name: row[column].value for column, name in _SIZE.items() if column in row}
    if "size" in row:
        fields["minimumAmount"] = fields["maximumAmount"] = row["size"].value
    return amounts.phrase(fields)


def _is_true(row: Row, column: str) -> bool:
    return column in row and row[column].value == "true"
