"""Writes assessments as quads of ``graph/assessments``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from pyoxigraph import Literal, NamedNode, Quad

from kg.build.assess.assess import Assessment, Assessments
from kg.build.assess.deciding import Weighed
from kg.build.assess.directness import Gaps
from kg.build.assess.reading.facts import Facts
from kg.build.assess.reading.terms import Assessed, Certainty, Route
from kg.build.assess.sensitivity import Sensitivity
from kg.rdf.vocabulary import OUTSIDE_PREFIXES, RDF_TYPE, Vocabulary

_INTEGER = NamedNode(OUTSIDE_PREFIXES["xsd"] + "integer")


def quads(facts: Facts, found: Assessments, vocabulary: Vocabulary) -> list[Quad]:
    """Returns all computed statements, in a fixed order."""
    return list(_Writer(facts, vocabulary).quads(found))


class _Writer:
    def __init__(self, facts: Facts, vocabulary: Vocabulary) -> None:
        self._facts, self._vocabulary = facts, vocabulary
        self._graph = NamedNode(vocabulary.graph("assessments"))

    def quads(self, found: Assessments) -> Iterator[Quad]:
        for name, wider in sorted(found.narrower.items()):
            yield from (self._link(name, "isNarrowerThan", other) for other in sorted(wider))
        for name, causes in sorted(found.observations.items()):
            yield from (self._link(name, "isObservationFor", other) for other in sorted(causes))
        for assessment in found.by_proposition.values():
            yield from self._assessment(assessment)
            yield from self._applications(assessment)
            for place, change in enumerate(assessment.sensitivities, 1):
                yield from self._sensitivity(assessment, change, place)
        for study, risk in sorted(self._facts.risks_of_bias.items()):
            yield self._term(study, "riskOfBias", risk.local_name)
        for claim, standing in found.standings.items():
            yield self._term(claim, "standing", standing)
            yield self._term(claim, "verdict", found.verdicts[claim])
            yield from (self._link(claim, "restsOn", other) for other in sorted(found.rests_on.get(claim, ())))

    def _assessment(self, assessment: Assessment) -> Iterator[Quad]:
        name, known, grade = assessment.proposition.name, assessment.known, assessment.grade
        yield self._term(name, "assessedDirection", known.direction)
        if known.certainty is not None:
            yield self._term(name, "certainty", known.certainty.local_name)
        if (rows := assessment.by_rows) is not None:
            yield self._number(name, "rowsFor", rows.rows_for)
            yield self._number(name, "rowsAgainst", rows.rows_against)
            yield self._number(name, "rowsOpen", rows.rows_open)
            yield self._number(name, "rowsContradicting", rows.rows_contradicting)
        if assessment.rows_decide:
            yield self._term(name, "assessedBy", "tableRows")
            return
        decides = grade.tier is not None
        yield self._term(name, "assessedBy", "evidenceLines" if decides else "nothingDecides")
        if not decides:
            return
        yield self._number(name, "decidedInTier", cast("int", grade.tier))
        for key, value in (
            ("studiesFor", grade.studies_for),
            ("studiesAgainst", grade.studies_against),
            ("studiesWithoutDifference", grade.without_difference),
            ("studiesInPart", grade.in_part),
            ("peopleStudied", grade.people),
        ):
            yield self._number(name, key, value)
        if grade.start is None:
            return
        yield self._term(name, "certaintyStartedAt", grade.start.local_name)
        for key, steps in (
            ("loweredForBias", grade.bias),
            ("loweredForImprecision", grade.imprecision),
            ("loweredForInconsistency", grade.inconsistency),
            ("loweredForIndirectness", grade.indirectness),
            ("raisedForAgreement", grade.agreement),
        ):
            yield self._number(name, key, steps)
        if grade.cap is not None:
            yield self._term(name, "cappedAt", grade.cap.local_name)

    def _applications(self, assessment: Assessment) -> Iterator[Quad]:
        proposition = assessment.proposition.name
        for weighed in assessment.weighed:
            line = weighed.application.line.name
            if weighed.application.route is Route.OWN:
                yield self._term(line, "direction", weighed.application.direction)
                yield from (self._term(line, "directness", near) for near in _directness(weighed.application.gaps))
                yield self._link(proposition, "hasEvidenceLine", line)
            name = f"{line}--on--{proposition.removeprefix('proposition-')}"
            yield from self._application(name, weighed)

    def _application(self, name: str, weighed: Weighed) -> Iterator[Quad]:
        application, gaps = weighed.application, weighed.application.gaps
        yield self._type(name, "Application")
        yield self._link(name, "ofLine", application.line.name)
        yield self._link(name, "toProposition", application.proposition.name)
        yield self._term(name, "route", application.route)
        yield self._term(name, "applicationDirection", application.direction)
        for key, value in (
            ("substanceGap", gaps.substance),
            ("populationGap", gaps.population),
            ("outcomeGap", gaps.outcome),
            ("doseGap", gaps.dose),
        ):
            yield self._number(name, key, value)
        for missing in gaps.missing:
            yield self._quad(name, "missingFact", Literal(missing))
        if weighed.decides:
            yield self._link(name, "decides", application.proposition.name)
        yield from (self._term(name, "setAsideFor", reason) for reason in weighed.reasons)

    def _sensitivity(self, assessment: Assessment, change: Sensitivity, place: int) -> Iterator[Quad]:
        name = f"sensitivity-{assessment.proposition.name.removeprefix('proposition-')}-{place}"
        yield self._type(name, "Sensitivity")
        yield self._link(name, "ofProposition", assessment.proposition.name)
        if change.without is not None:
            yield self._link(name, "withoutStudy", change.without.name)
        if change.fact:
            yield self._quad(name, "withFact", Literal(change.fact))
        yield from self._then(name, change.direction, change.certainty)

    def _then(self, name: str, direction: Assessed, certainty: Certainty | None) -> Iterator[Quad]:
        yield self._term(name, "directionThen", direction)
        if certainty is not None:
            yield self._term(name, "certaintyThen", certainty.local_name)

    def _quad(self, name: str, key: str, value: NamedNode | Literal) -> Quad:
        subject = NamedNode(self._vocabulary.entity_iri(name))
        return Quad(subject, NamedNode(self._vocabulary.term(key)), value, self._graph)

    def _link(self, name: str, key: str, other: str) -> Quad:
        return self._quad(name, key, NamedNode(self._vocabulary.entity_iri(other)))

    def _term(self, name: str, key: str, term: str) -> Quad:
        return self._quad(name, key, NamedNode(self._vocabulary.term(term)))

    def _number(self, name: str, key: str, value: int) -> Quad:
        return self._quad(name, key, Literal(str(value), datatype=_INTEGER))

    def _type(self, name: str, klass: str) -> Quad:
        subject = NamedNode(self._vocabulary.entity_iri(name))
        return Quad(subject, NamedNode(RDF_TYPE), NamedNode(self._vocabulary.term(klass)), self._graph)


def _directness(gaps: Gaps) -> list[str]:
    """Returns the terms in which earlier versions recorded how directly a line fits; several may hold."""
    found = [
        name
        for gap, name in (
            (gaps.substance, "otherForm"),
            (gaps.population, "otherPopulation"),
            (gaps.dose, "otherDose"),
        )
        if gap
    ]
    if gaps.outcome:
        found.append("surrogate" if gaps.outcome == 1 else "otherOutcome")
    return found or ["direct"]
