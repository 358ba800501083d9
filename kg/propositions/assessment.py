"""The assessment of one proposition: what decides it, what is set aside and why, each step, what would change it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from kg.propositions.evidence_summary import ABOUT_SOMETHING_ELSE
from kg.propositions.index import PropositionIndex, PropositionSummary
from kg.rdf.terms import Row
from kg.reader.entity import Reference
from kg.reader.reader import Reader

SIDES = ("supporting", "disputing", "noDifference", "inconclusive")


@dataclass(frozen=True)
class AppliedEvidence:
    """One evidence line as it applies to a proposition.

    Attributes:
        application: the node that records it.
        line: the evidence line.
        found: what the study found, in words.
        result: the result of the study.
        study, design, year: the study; the year is "" where it is not known.
        direction: whether it speaks for or against the proposition.
        route: how the line reaches the proposition.
        origin: the proposition on which the line bears itself.
        gaps: in which ways it is indirect, in words; none if it is direct.
        decides: whether it decides the proposition.
        reasons: why it is set aside.
        missing: facts that must be recorded before it can be used.
        notices: publications that warn about the study.
        bias: the risk of bias of the study, if a cited assessment judges it; none or one.
        is_judged: whether a reader judged the direction, since none can be computed.
    """

    application: Reference
    line: Reference
    found: str
    result: Reference
    study: Reference
    design: Reference
    year: str
    direction: Reference
    route: Reference
    origin: Reference
    gaps: tuple[str, ...]
    decides: bool
    reasons: tuple[Reference, ...]
    missing: tuple[str, ...]
    notices: tuple[Reference, ...]
    bias: tuple[Reference, ...]
    is_judged: bool

    @property
    def side(self) -> str:
        """The local name of the direction."""
        return self.direction.iri.rpartition("#")[2]

    @property
    def is_about_something_else(self) -> bool:
        """Whether it is about another substance or outcome, so that its direction says nothing here."""
        return any(reason.iri.rpartition("#")[2] in ABOUT_SOMETHING_ELSE for reason in self.reasons)

    @property
    def has_travelled(self) -> bool:
        """Whether the line bears on another proposition than the one to which it applies here."""
        return not self.route.iri.endswith("#ownRoute")


@dataclass(frozen=True)
class Step:
    """A step by which certainty was lowered or raised: the number of levels, and the reason."""

    name: str
    levels: int
    reason: str


@dataclass(frozen=True)
class Change:
    """What the assessment would be without a study, or with a fact that is not recorded."""

    without: Reference | None
    fact: str
    direction: Reference
    certainty: Reference | None


@dataclass(frozen=True)
class Assessment:
    """The whole assessment of one proposition.

    Attributes:
        summary: the proposition with direction and certainty.
        start: the certainty from which the steps count; ``None`` if rows decide or nothing does.
        steps: what lowered or raised it.
        cap: the certainty that it cannot exceed, where that matters.
        counts: numbers by local name: studies for, against, without a difference and in part, people, table rows.
        evidence: what applies to it, the deciding evidence first.
        changes: single changes that would change the result.
        missing: facts that are missing, each once.
    """

    summary: PropositionSummary
    start: Reference | None
    steps: tuple[Step, ...]
    cap: Reference | None
    counts: dict[str, int]
    evidence: tuple[AppliedEvidence, ...]
    changes: tuple[Change, ...]

    @property
    def deciding(self) -> tuple[AppliedEvidence, ...]:
        """The evidence that decides."""
        return tuple(one for one in self.evidence if one.decides)

    @property
    def set_aside(self) -> tuple[AppliedEvidence, ...]:
        """The evidence that does not decide."""
        return tuple(one for one in self.evidence if not one.decides)

    @property
    def rows_decide(self) -> bool:
        """Whether measured contents decide, and not results of studies."""
        return self.summary.basis.iri.endswith("#tableRows")


def of_proposition(reader: Reader, index: PropositionIndex, iri: str) -> Assessment | None:
    """Returns the assessment of a proposition; ``None`` if the IRI is not one. Three queries."""
    summary = index.get(iri)
    if summary is None:
        return None
    rows = reader.run("pages/proposition-assessment", {"proposition": iri})
    found = {row["property"].value.removeprefix(reader.vocabulary.terms): row["value"].value for row in rows}
    certainties = reader.references(
        [], extra=[found[key] for key in ("certaintyStartedAt", "cappedAt") if key in found]
    )
    counts = {name: int(value) for name, value in found.items() if value.isdigit()}
    return Assessment(
        summary=summary,
        start=certainties.get(found.get("certaintyStartedAt", "")),
        steps=tuple(_steps(counts)),
        cap=certainties.get(found.get("cappedAt", "")),
        counts=counts,
        evidence=evidence_on(reader, iri),
        changes=_changes(reader, iri),
    )


def evidence_on(reader: Reader, iri: str) -> tuple[AppliedEvidence, ...]:
    """Returns what applies to a proposition: what decides first, then by side and study."""
    rows = reader.run("pages/proposition-evidence", {"proposition": iri})
    columns = (
        *("application", "line", "result", "study", "design", "direction", "route", "origin", "reason", "notice"),
        *("exposure", "together", "measured", "studied", "bias"),
    )
    refer = reader.references(rows, *columns)
    found = [_applied(group, refer) for group in reader.grouped(rows, "application").values()]
    order = {side: place for place, side in enumerate(SIDES)}
    return tuple(sorted(found, key=lambda one: (not one.decides, order[one.side], one.study.label, one.found)))


def _applied(group: list[Row], refer: dict[str, Reference]) -> AppliedEvidence:
    row = group[0]

    def many(column: str) -> tuple[Reference, ...]:
        return tuple(refer[iri] for iri in sorted({one[column].value for one in group if column in one}))

    gaps = _gaps(row, {column: many(column) for column in ("exposure", "together", "measured", "studied")})
    return AppliedEvidence(
        application=refer[row["application"].value],
        line=refer[row["line"].value],
        found=row["found"].value,
        result=refer[row["result"].value],
        study=refer[row["study"].value],
        design=refer[row["design"].value],
        year=row["year"].value if "year" in row else "",
        direction=refer[row["direction"].value],
        route=refer[row["route"].value],
        origin=refer[row["origin"].value],
        gaps=tuple(gaps),
        decides="decides" in row,
        reasons=many("reason"),
        missing=tuple(sorted({one["missing"].value for one in group if "missing" in one})),
        notices=many("notice"),
        bias=many("bias"),
        is_judged="judged" in row,
    )


def _gaps(row: Row, named: dict[str, tuple[Reference, ...]]) -> Iterator[str]:
    """Yields in which ways a line is indirect, in words that name what was studied instead."""

    def words(column: str) -> str:
        return " and ".join(reference.label for reference in named[column])

    if row["substanceGap"].value != "0":
        if named["exposure"]:
            together = f", given together with {words('together')}" if named["together"] else ""
            yield f"about {words('exposure')}{together}"
        else:
            yield "about another substance, or a wider one"
        if "against" in row:
            yield "compared with another dose or treatment"
    if row["outcomeGap"].value != "0":
        yield f"measured {words('measured')}"
    if row["populationGap"].value != "0":
        yield f"studied {words('studied')}" if named["studied"] else "other people, or a model"
    if row["doseGap"].value != "0":
        yield "another dose"


def _steps(counts: dict[str, int]) -> list[Step]:
    people = counts.get("peopleStudied", 0)
    found = (
        ("risk of bias", -counts.get("loweredForBias", 0),
         "fewer than half of the deciding studies have a low risk of bias in an assessment that is cited here"),
        ("imprecision", -counts.get("loweredForImprecision", 0),
         f"{people:,} people were studied" if people else "the number of people is not known, or no interval is"),
        ("inconsistency", -counts.get("loweredForInconsistency", 0), "the deciding studies disagree"),
        ("indirectness", -counts.get("loweredForIndirectness", 0),
         "most deciding studies are about a wider substance, other people, a marker or another dose"),
        ("agreement", counts.get("raisedForAgreement", 0), "independent strands of evidence agree"),
    )  # fmt: skip
    return [Step(name, levels, reason) for name, levels, reason in found if levels]


def _changes(reader: Reader, iri: str) -> tuple[Change, ...]:
    rows = reader.run("pages/proposition-sensitivities", {"proposition": iri})
    refer = reader.references(rows, "study", "direction", "certainty")
    return tuple(
        Change(
            without=refer[row["study"].value] if "study" in row else None,
            fact=row["fact"].value if "fact" in row else "",
            direction=refer[row["direction"].value],
            certainty=refer[row["certainty"].value] if "certainty" in row else None,
        )
        for row in rows
    )
