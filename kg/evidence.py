"""The evidence for and against a claim, its flaws, and what a study found: the parts of pages that weigh statements."""

from __future__ import annotations

from dataclasses import dataclass

from kg.engine.embedded import Row
from kg.reader import Reader, Reference

DIRECTIONS = ("supporting", "disputing", "inconclusive")


@dataclass(frozen=True)
class Line:
    """What one study found for one claim. ``decides`` is true where the verdict rests on it."""

    found: str
    claim: Reference
    study: Reference
    design: Reference | None
    year: str
    direction: Reference
    directness: tuple[Reference, ...]
    decides: bool = False


@dataclass(frozen=True)
class Flaw:
    """What is doubtful about a claim, and what says it right."""

    said: str
    why: str
    kinds: tuple[Reference, ...]
    corrections: tuple[Reference, ...]
    studies: tuple[Reference, ...]


@dataclass(frozen=True)
class Result:
    """What a study found for one condition or measure, its numbers as printed."""

    found: str
    result_for: tuple[Reference, ...]
    measure: Reference | None
    size: str
    interval: str
    p_value: str


def lines_of_claim(reader: Reader, claim: str) -> list[Line]:
    """The evidence lines of a claim: those that decide first, then by direction, then by rank of the design."""
    rows = reader.run("pages/claim-evidence", {"claim": claim})
    refer = reader.references(rows, "direction", "directness", "study", "design", extra=[claim])
    grouped = reader.grouped(rows, "line")
    ranks = [int(group[0]["rank"].value) for group in grouped.values() if _may_decide(reader, group)]
    best = str(min(ranks)) if ranks else ""
    lines = []
    for group in grouped.values():
        row = group[0]
        decides = _may_decide(reader, group) and row["rank"].value == best
        lines.append(
            Line(
                found=row["found"].value,
                claim=refer[claim],
                study=refer[row["study"].value],
                design=refer[row["design"].value],
                year=row["year"].value if "year" in row else "",
                direction=refer[row["direction"].value],
                directness=tuple(refer[iri] for iri in sorted({r["directness"].value for r in group})),
                decides=decides,
            )
        )
    order = {reader.vocabulary.term(name): place for place, name in enumerate(DIRECTIONS)}
    return sorted(lines, key=lambda line: (not line.decides, order[line.direction.iri], line.study.label))


def _may_decide(reader: Reader, group: list[Row]) -> bool:
    """The verdict rule's own condition: a direct line, and only direct, for or against, of a ranked design."""
    term = reader.vocabulary.term
    is_direct = {row["directness"].value for row in group} == {term("direct")}
    return is_direct and "rank" in group[0] and group[0]["direction"].value != term("inconclusive")


def lines_of_study(reader: Reader, study: str) -> list[Line]:
    """The claims on which a study bears."""
    rows = reader.run("pages/study-lines", {"study": study})
    refer = reader.references(rows, "direction", "directness", "claim", extra=[study])
    return [
        Line(
            found=group[0]["found"].value,
            claim=refer[group[0]["claim"].value],
            study=refer[study],
            design=None,
            year="",
            direction=refer[group[0]["direction"].value],
            directness=tuple(refer[iri] for iri in sorted({row["directness"].value for row in group})),
        )
        for group in reader.grouped(rows, "line").values()
    ]


def flaws_of_claim(reader: Reader, claim: str) -> list[Flaw]:
    """What is doubtful about a claim."""
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
        for group in reader.grouped(rows, "flaw").values()
    ]


def results_of_study(reader: Reader, study: str) -> list[Result]:
    """What a study found, with its numbers."""
    rows = reader.run("pages/study-results", {"study": study})
    refer = reader.references(rows, "for", "measure")
    results = []
    for group in reader.grouped(rows, "result").values():
        row = group[0]
        low, high = row.get("low"), row.get("high")
        p_value = row["p"].value if "p" in row else ""
        is_bound = "below" in row and row["below"].value == "true"
        results.append(
            Result(
                found=row["found"].value,
                result_for=tuple(refer[iri] for iri in sorted({r["for"].value for r in group if "for" in r})),
                measure=refer[row["measure"].value] if "measure" in row else None,
                size=row["size"].value if "size" in row else "",
                interval=f"{low.value} to {high.value}" if low and high else "",
                p_value=("< " if is_bound else "") + p_value,
            )
        )
    return results
