"""What reviews and appraisals judged of the risk of bias of a study."""

from __future__ import annotations

from dataclasses import dataclass

from kg.rdf.terms import Row
from kg.reader.entity import Reference
from kg.reader.reader import Reader


@dataclass(frozen=True)
class BiasJudgement:
    """What one publication judged of a study.

    Attributes:
        assessment: the node that records it.
        publication, doi, pmid, address: what published it, and where; "" where that is not known.
        given: what it says, in words of vitk.
        place: where in the publication.
        tool: by which questions it judged.
        overall: its judgement of the study; ``None`` if it judges domains only.
        low, some_concerns, high: the domains in which it finds each risk.
    """

    assessment: Reference
    publication: str
    doi: str
    pmid: str
    address: str
    given: str
    place: str
    tool: Reference
    overall: Reference | None
    low: tuple[Reference, ...]
    some_concerns: tuple[Reference, ...]
    high: tuple[Reference, ...]


def bias_of_study(reader: Reader, study: str) -> list[BiasJudgement]:
    """Returns every assessment of bias of a study, by the names of assessments."""
    rows = reader.run("pages/study-bias", {"study": study})
    refer = reader.references(rows, "assessment", "tool", "overall", "low", "some", "high")

    def many(group: list[Row], column: str) -> tuple[Reference, ...]:
        return tuple(refer[iri] for iri in sorted({row[column].value for row in group if column in row}))

    def text(row: Row, column: str) -> str:
        return row[column].value if column in row else ""

    return [
        BiasJudgement(
            assessment=refer[assessment],
            publication=text(group[0], "publication"),
            doi=text(group[0], "doi"),
            pmid=text(group[0], "pmid"),
            address=text(group[0], "address"),
            given=text(group[0], "given"),
            place=text(group[0], "place"),
            tool=refer[group[0]["tool"].value],
            overall=next(iter(many(group, "overall")), None),
            low=many(group, "low"),
            some_concerns=many(group, "some"),
            high=many(group, "high"),
        )
        for assessment, group in sorted(reader.grouped(rows, "assessment").items())
    ]
