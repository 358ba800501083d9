"""The evidence for and against a claim, its flaws, and what a study found: the parts of pages that weigh statements."""

from __future__ import annotations

from dataclasses import dataclass

from kg import amounts
from kg.rdf.terms import Row
from kg.reader.entity import Reference
from kg.reader.reader import Reader

DIRECTIONS = ("supporting", "disputing", "inconclusive")


@dataclass(frozen=True)
class EvidenceLine:
    """What one study found for one claim.

    ``decides`` is true where the verdict rests on it; ``notices`` are publications that warn about the study.
    """

    found: str
    claim: Reference
    study: Reference
    design: Reference | None
    year: str
    direction: Reference
    directness: tuple[Reference, ...]
    decides: bool = False
    notices: tuple[Reference, ...] = ()


@dataclass(frozen=True)
class Flaw:
    """What is doubtful about a claim, and what says it right."""

    said: str
    why: str
    kinds: tuple[Reference, ...]
    corrections: tuple[Reference, ...]
    studies: tuple[Reference, ...]


@dataclass(frozen=True)
class StudyResult:
    """What a study found for one condition or measure, its numbers as printed."""

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


def lines_of_claim(reader: Reader, claim: str) -> list[EvidenceLine]:
    """The evidence lines of a claim: those that decide first, then by direction, then by rank of the design."""
    rows = reader.run("pages/claim-evidence", {"claim": claim})
    refer = reader.references(rows, "direction", "directness", "study", "design", "notice", extra=[claim])
    grouped = reader.grouped(rows, "line")
    ranks = [int(group[0]["rank"].value) for group in grouped.values() if _may_decide(reader, group)]
    best = str(min(ranks)) if ranks else ""
    lines = []
    for group in grouped.values():
        row = group[0]
        decides = _may_decide(reader, group) and row["rank"].value == best
        lines.append(
            EvidenceLine(
                found=row["found"].value,
                claim=refer[claim],
                study=refer[row["study"].value],
                design=refer[row["design"].value],
                year=row["year"].value if "year" in row else "",
                direction=refer[row["direction"].value],
                directness=tuple(refer[iri] for iri in sorted({r["directness"].value for r in group})),
                decides=decides,
                notices=tuple(refer[iri] for iri in sorted({r["notice"].value for r in group if "notice" in r})),
            )
        )
    order = {reader.vocabulary.term(name): place for place, name in enumerate(DIRECTIONS)}
    return sorted(lines, key=lambda line: (not line.decides, order[line.direction.iri], line.study.label))


def _may_decide(reader: Reader, group: list[Row]) -> bool:
    """The verdict rule's own condition: a direct line, and only direct, for or against, of a ranked design."""
    term = reader.vocabulary.term
    is_direct = {row["directness"].value for row in group} == {term("direct")}
    return is_direct and "rank" in group[0] and group[0]["direction"].value != term("inconclusive")


def balance(lines: list[EvidenceLine]) -> str:
    """On how many studies a verdict rests, and on which side they stand; "" where none decides."""
    sides = {
        word: {line.study.iri for line in lines if line.decides and line.direction.iri.endswith("#" + direction)}
        for direction, word in (("supporting", "for it"), ("disputing", "against it"))
    }
    studies = set().union(*sides.values())
    if len(studies) == 1:
        words = " and ".join(word for word, found in sides.items() if found)
        return f"It rests on one study alone, which speaks {words}"
    counts = " and ".join(f"{_in_words(len(found))} {word}" for word, found in sides.items() if found)
    return f"It rests on {_in_words(len(studies))} studies, {counts}" if studies else ""


def _in_words(number: int) -> str:
    words = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    return words[number] if number < len(words) else str(number)


def lines_of_study(reader: Reader, study: str) -> list[EvidenceLine]:
    """The claims on which a study bears, those on which it bears directly first."""
    rows = reader.run("pages/study-lines", {"study": study})
    refer = reader.references(rows, "direction", "directness", "claim", extra=[study])
    direct = reader.vocabulary.term("direct")
    lines = [
        EvidenceLine(
            found=group[0]["found"].value,
            claim=refer[group[0]["claim"].value],
            study=refer[study],
            design=None,
            year="",
            direction=refer[group[0]["direction"].value],
            directness=tuple(refer[iri] for iri in sorted({row["directness"].value for row in group})),
        )
        for _, group in sorted(reader.grouped(rows, "line").items())
    ]
    return sorted(lines, key=lambda line: (direct not in {near.iri for near in line.directness}, line.claim.label))


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
        for _, group in sorted(reader.grouped(rows, "flaw").items())
    ]


def results_of_study(reader: Reader, study: str) -> list[StudyResult]:
    """What a study found, with its numbers."""
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


# The columns of a result that make up its size, by what kg.amounts calls them.
_SIZE = {
    "minimum": "minimumAmount", "maximum": "maximumAmount", "unit": "unit", "perAmount": "referenceAmount",
    "perUnit": "referenceUnit", "approximate": "isApproximate", "exclusive": "isMinimumExclusive",
}  # fmt: skip


def _size(row: Row) -> str:
    """The effect size, or else the amount, with its unit."""
    fields = {name: row[column].value for column, name in _SIZE.items() if column in row}
    if "size" in row:
        fields["minimumAmount"] = fields["maximumAmount"] = row["size"].value
    return amounts.phrase(fields)


def _is_true(row: Row, column: str) -> bool:
    return column in row and row[column].value == "true"
