"""The assessment of one proposition: what decides it, what is set aside and why, each step, what would change it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from kg.propositions.evidence_summary import ABOUT_SOMETHING_ELSE
from kg.propositions.index import PropositionIndex, PropositionSummary
from kg.rdf.terms import Row
from kg.reader.entity import Reference
from kg.reader.reader import Reader

SIDES = ("supporting", "disputing", "noDifference", "inconclusive")
# Where the steps start, and what they cannot exceed.
_CERTAINTIES = ("certaintyStartedAt", "cappedAt")


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
    return of_propositions(reader, index, [iri]).get(iri)


def of_propositions(reader: Reader, index: PropositionIndex, iris: Iterable[str]) -> dict[str, Assessment]:
    """Returns the assessments of propositions by IRI, without IRIs that are none. Three queries for all together."""
    summaries = {iri: summary for iri in iris if (summary := index.get(iri))}
    if not summaries:
        return {}
    found_iris = list(summaries)
    values: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for row in reader.run("pages/proposition-assessment", {"propositions": found_iris}):
        name = row["property"].value.removeprefix(reader.vocabulary.terms)
        values[row["proposition"].value][name] = row["value"].value
    certainties = reader.references(
        [], extra={found[key] for found in values.values() for key in _CERTAINTIES if key in found}
    )
    evidence, changes = _evidence(reader, found_iris), _changes(reader, found_iris)
    return {
        iri: _assessment(summary, values[iri], certainties, evidence.get(iri, ()), changes.get(iri, ()))
        for iri, summary in summaries.items()
    }


def _assessment(
    summary: PropositionSummary,
    found: dict[str, str],
    certainties: dict[str, Reference],
    evidence: tuple[AppliedEvidence, ...],
    changes: tuple[Change, ...],
) -> Assessment:
    start, cap = (certainties.get(found.get(key, "")) for key in _CERTAINTIES)
    counts = {name: int(value) for name, value in found.items() if value.isdigit()}
    return Assessment(summary, start, tuple(_steps(counts)), cap, counts, evidence, changes)


def evidence_on(reader: Reader, iri: str) -> tuple[AppliedEvidence, ...]:
    """Returns what applies to a proposition: what decides first, then by side and study."""
    return _evidence(reader, [iri]).get(iri, ())


def _evidence(reader: Reader, iris: list[str]) -> dict[str, tuple[AppliedEvidence, ...]]:
    rows = reader.run("pages/proposition-evidence", {"propositions": iris})
    columns = (
        *("application", "line", "result", "study", "design", "direction", "route", "origin", "reason", "notice"),
        *("exposure", "together", "measured", "studied", "bias"),
    )
    refer = reader.references(rows, *columns)
    order = {side: place for place, side in enumerate(SIDES)}
    return {
        iri: tuple(
            sorted(
                (_applied(one, refer) for one in reader.grouped(group, "application").values()),
                key=lambda one: (not one.decides, order[one.side], one.study.label, one.found),
            )
        )
        for iri, group in reader.grouped(rows, "proposition").items()
    }


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


def _changes(reader: Reader, iris: list[str]) -> dict[str, tuple[Change, ...]]:
    rows = reader.run("pages/proposition-sensitivities", {"propositions": iris})
    refer = reader.references(rows, "study", "direction", "certainty")
    return {
        iri: tuple(
            Change(
                without=refer[row["study"].value] if "study" in row else None,
                fact=row["fact"].value if "fact" in row else "",
                direction=refer[row["direction"].value],
                certainty=refer[row["certainty"].value] if "certainty" in row else None,
            )
            for row in group
        )
        for iri, group in reader.grouped(rows, "proposition").items()
    }
