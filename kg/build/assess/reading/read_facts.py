"""Reads from the graph what an assessment rests on: facts, and the measured contents of foods."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from kg.build.assess.reading.bias import RISKS, BiasAssessment, RiskOfBias, most_severe
from kg.build.assess.reading.facts import (
    MICROGRAMS,
    Amount,
    Claim,
    Content,
    DoseRange,
    Facts,
    Line,
    Proposition,
    Result,
    Rung,
    Study,
)
from kg.build.assess.reading.hierarchy import Hierarchy
from kg.build.assess.reading.terms import CERTAINTIES, Direction, Finding
from kg.catalogue.catalogue import with_prologue
from kg.errors import VitkError
from kg.rdf.vocabulary import RDF_TYPE, RDFS_LABEL, Vocabulary

Properties = dict[str, list[str]]
# Graphs from which an assessment reads; rows of food tables are read by ``read_contents``.
_GRAPHS = ("ontology", "entities", "propositions", "claims", "evidence", "inferred")
# Qualifiers that belong to the identity of a proposition and are not compared by hierarchy.
_QUALIFIERS = (
    *("objectAspect", "comparator", "outcome", "concernsNutrient", "destination", "awayFrom", "location"),
    *("jurisdiction", "extent", "level", "minimumAmount", "maximumAmount", "referenceAmount", "perPortion"),
)
# Only independent measurements decide. What a table calculated or borrowed can contradict them; what it assumed to be
# zero, what is implausible and what was superseded is not read at all.
_CONTENTS = """
SELECT ?food ?row ?analyte ?low ?high ?unit ?reference ?below ?nearest ?table ?study ?own ?passed_on {
  { ?food vitk:hasExactTableFood|vitk:hasNarrowerTableFood ?row . ?row vitk:hasMeasurement ?m BIND(false AS ?nearest) }
  UNION { ?food vitk:hasNearestTableFood ?row . ?row vitk:hasMeasurement ?m BIND(true AS ?nearest) }
  UNION { ?m a vitk:Measurement ; vitk:citesStudy ?study . ?food vitk:hasMeasurement ?m
    BIND(?m AS ?row) BIND(false AS ?nearest) }
  ?m vitk:ofAnalyte ?analyte ; vitk:unit ?unit ; vitk:referenceUnit unit:GM ; vitk:referenceAmount ?reference .
  FILTER(?unit IN (unit:MicroGM, unit:MilliGM, unit:GM))
  OPTIONAL { ?m vitk:minimumAmount ?low }
  OPTIONAL { ?m vitk:maximumAmount ?high }
  BIND(EXISTS { ?m vitk:isBelowDetection true } || EXISTS { ?m vitk:isDetectionLimit true } AS ?below)
  OPTIONAL { ?row vitk:inTable ?table }
  BIND(EXISTS { ?m vitk:hasOrigin vitk:analysed } AS ?own)
  BIND(EXISTS { ?m vitk:hasOrigin/vitk:countsAsMeasurement false } || EXISTS { ?m vitk:repeats ?lent } AS ?passed_on)
  FILTER NOT EXISTS { ?m vitk:hasOrigin ?unfounded FILTER(?unfounded IN (vitk:assumedZero, vitk:implausible)) }
  FILTER NOT EXISTS { ?newer vitk:supersedes ?m }
}
"""


def read_facts(store: Store, vocabulary: Vocabulary) -> Facts:
    """Reads the facts of a release that is being built.

    Raises:
        VitkError: a line, claim or proposition that the shapes would have refused.
    """
    return _Reader(store, vocabulary).facts()


def read_contents(store: Store, vocabulary: Vocabulary) -> Iterator[Content]:
    """Yields the content of each row in each food with a name of its own, in µg per 100 g, by local names."""
    lenders = _lenders(store, vocabulary)
    rows = store.query(with_prologue(_CONTENTS, vocabulary), use_default_graph_as_union=True)
    assert isinstance(rows, QuerySolutions)
    for row in rows:
        scale = 100 * MICROGRAMS[row["unit"].value.rpartition("/")[2]] / float(row["reference"].value)
        low, high = (float(row[end].value) * scale if row[end] else None for end in ("low", "high"))
        is_below = row["below"].value == "true"
        yield Content(
            food=row["food"].value.removeprefix(vocabulary.entities),
            row=row["row"].value,
            analyte=row["analyte"].value.removeprefix(vocabulary.entities),
            low=None if is_below else low,
            high=high,
            is_nearest=row["nearest"].value == "true",
            table=next((named.value for named in (row["table"], row["study"]) if named), ""),
            is_passed_on=row["passed_on"].value == "true",
            lender="" if row["own"].value == "true" or not row["table"] else lenders.get(row["table"].value, ""),
        )


def _lenders(store: Store, vocabulary: Vocabulary) -> dict[str, str]:
    """Returns, for each table that borrows or lends, one name for all tables that it is so connected with."""
    query = with_prologue("SELECT ?one ?other { ?one vitk:borrowsFrom ?other }", vocabulary)
    pairs = store.query(query, use_default_graph_as_union=True)
    assert isinstance(pairs, QuerySolutions)
    together: dict[str, set[str]] = {}
    for pair in pairs:
        one, other = pair["one"].value, pair["other"].value
        joined = together.get(one, {one}) | together.get(other, {other})
        together |= dict.fromkeys(joined, joined)
    return {table: min(joined) for table, joined in together.items()}


class _Reader:
    def __init__(self, store: Store, vocabulary: Vocabulary) -> None:
        self._types: defaultdict[str, set[str]] = defaultdict(set)
        self._all: defaultdict[str, Properties] = defaultdict(lambda: defaultdict(list))
        self._prefixes = (vocabulary.terms, vocabulary.entities)
        for graph in _GRAPHS:
            for quad in store.quads_for_pattern(None, None, None, NamedNode(vocabulary.graph(graph))):
                if not isinstance(quad.subject, NamedNode) or not isinstance(quad.object, NamedNode | Literal):
                    continue
                subject, value = self._name(quad.subject.value), self._name(quad.object.value)
                if quad.predicate.value == RDF_TYPE:
                    self._types[value].add(subject)
                elif quad.predicate.value == RDFS_LABEL:
                    self._all[subject]["label"].append(value)
                else:
                    self._all[subject][self._name(quad.predicate.value)].append(value)

    def _name(self, iri: str) -> str:
        for prefix in self._prefixes:
            if iri.startswith(prefix):
                return iri.removeprefix(prefix)
        return iri

    def facts(self) -> Facts:
        facts = Facts(hierarchy=Hierarchy.of(self._all, self._types))
        types = {
            name: kind for kind, names in self._types.items() if kind.endswith("Proposition") for name in names
            if kind != "Proposition"
        }  # fmt: skip
        facts.propositions = {name: self._proposition(name, kind) for name, kind in sorted(types.items())}
        studies = {name: self._study(name) for name in self._types["Study"]}
        facts.risks_of_bias = {name: study.risk_of_bias for name, study in studies.items() if study.risk_of_bias}
        results = {name: self._result(name) for name in self._types["StudyResult"]}
        for name in sorted(self._types["EvidenceLine"]):
            found = self._all[name]
            judged = found.get("judgedDirection")
            facts.lines.append(
                Line(
                    name,
                    self._one(name, "bearsOn"),
                    studies[self._one(name, "study")],
                    results[self._one(name, "result")],
                    Direction(judged[0]) if judged else None,
                )
            )
        facts.claims = [self._claim(name) for name in sorted(self._types["Claim"]) if "expresses" in self._all[name]]
        for name in self._types["Rung"]:
            rung = self._all[name]
            for kind in rung["forPropositionType"]:
                key = (kind, rung.get("isForModels") == ["true"], self._one(name, "forDesign"))
                start = CERTAINTIES[self._one(name, "startingCertainty")]
                facts.ladder[key] = Rung(int(self._one(name, "tier")), start)
        expressed = {claim.name: claim.proposition for claim in facts.claims}
        for name in self._types["SearchRecord"]:
            for searched in self._all[name].get("searchedFor", ()):
                facts.searched.add(expressed.get(searched, searched))
        for name in self._types["ContentLevel"]:
            level = self._all[name]
            below = level.get("levelBelow")
            facts.levels[name] = (float(level.get("levelFrom", ["0"])[0]), float(below[0]) if below else None)
        return facts

    def _one(self, name: str, key: str) -> str:
        values = self._all[name].get(key, [])
        if len(set(values)) != 1:
            raise VitkError(f"id:{name} needs exactly one vitk:{key}, and has {len(set(values))}.")
        return values[0]

    def _set(self, name: str, key: str) -> frozenset[str]:
        return frozenset(self._all[name].get(key, ()))

    def _proposition(self, name: str, kind: str) -> Proposition:
        found = self._all[name]
        portion = found.get("perPortion")
        return Proposition(
            name=name,
            label=self._one(name, "label"),
            type=kind,
            subject=self._one(name, "subject"),
            predicate=self._one(name, "predicate"),
            object=self._one(name, "object"),
            populations=self._set(name, "population"),
            models=self._set(name, "model"),
            aspects=self._set(name, "subjectAspect"),
            doses=self._doses(found.get("regimen", ())),
            qualifiers=frozenset((key, value) for key in _QUALIFIERS for value in found.get(key, ())),
            level=next(iter(found.get("level", ())), ""),
            extent=next(iter(found.get("extent", ())), ""),
            portion=float(portion[0]) if portion else None,
            amount=self._amount(found),
        )

    def _study(self, name: str) -> Study:
        found, design = self._all[name], self._one(name, "design")
        return Study(
            name=name,
            label=self._one(name, "label"),
            design=design,
            strand=next(iter(self._all[design].get("strand", ())), ""),
            is_pooled=design.startswith("meta-analysis"),
            substances=self._set(name, "studiedSubstance"),
            populations=self._set(name, "studiedPopulation"),
            models=self._set(name, "studiedModel"),
            doses=self._doses(found.get("studiedRegimen", ())),
            participants=int(found["participants"][0]) if "participants" in found else 0,
            is_under_notice="hasIntegrityNotice" in found,
            pools=self._set(name, "pools"),
            same_trial=self._same_trial(name),
            risk_of_bias=self._risk_of_bias(name),
        )

    def _risk_of_bias(self, name: str) -> RiskOfBias | None:
        return most_severe(self._bias_assessment(one) for one in self._all[name].get("hasBiasAssessment", ()))

    def _bias_assessment(self, name: str) -> BiasAssessment:
        overall = self._all[name].get("judgesRiskAs")
        return BiasAssessment(
            overall=RISKS[overall[0]] if overall else None,
            low=self._set(name, "findsLowRiskIn"),
            some_concerns=self._set(name, "findsSomeConcernsIn"),
            high=self._set(name, "findsHighRiskIn"),
        )

    def _same_trial(self, name: str) -> frozenset[str]:
        """Returns all other publications of the trial of a study, however many steps away."""
        found, left = {name}, [name]
        while left:
            one = left.pop()
            others = (other for other in self._types["Study"] if one in self._all[other].get("isSameTrialAs", ()))
            new = {*self._all[one].get("isSameTrialAs", ()), *others} - found
            found |= new
            left += sorted(new)
        return frozenset(found - {name})

    def _result(self, name: str) -> Result:
        found = self._all[name]
        finding = found.get("finding")
        return Result(
            name=name,
            finding=Finding(finding[0]) if finding else None,
            outcomes=self._set(name, "resultFor"),
            exposures=self._set(name, "exposure"),
            together=self._set(name, "givenTogetherWith"),
            models=self._set(name, "resultIn") & self._types["ModelSystem"],
            doses=self._doses(found.get("resultAfter", ())),
            amount=self._amount(found),
            has_interval="lowerConfidenceLimit" in found,
            is_secondary=found.get("isSecondaryResult") == ["true"],
            is_against_other="otherTreatment" in found.get("resultAgainst", ()),
        )

    def _claim(self, name: str) -> Claim:
        found = self._all[name]
        effect = self._one(name, "effect")
        return Claim(
            name=name,
            proposition=self._one(name, "expresses"),
            polarity=self._one(name, "polarity"),
            hedge=next(iter(found.get("hedge", ())), "states"),
            is_causal=effect in self._types["CausalEffect"],
            is_emphatic="strongly" in found.get("emphasis", ()),
            presupposes=self._set(name, "presupposes"),
        )

    def _doses(self, regimens: Iterable[str]) -> tuple[DoseRange, ...]:
        ranges = []
        for name in sorted(regimens):
            found = self._all[name]
            factor = MICROGRAMS.get(next(iter(found.get("unit", ())), "").rpartition("/")[2])
            days = found.get("perDays")
            if factor is None or not days:
                continue
            low, high = (found.get(end) for end in ("minimumAmount", "maximumAmount"))
            scale = factor / float(days[0])
            ranges.append((float(low[0]) * scale if low else None, float(high[0]) * scale if high else None))
        return tuple(ranges)

    def _amount(self, found: Properties) -> Amount | None:
        low, high = (found.get(end) for end in ("minimumAmount", "maximumAmount"))
        reference = found.get("referenceAmount")
        if not low and not high and not reference:
            return None
        units = (next(iter(found.get(key, ())), "").rpartition("/")[2] for key in ("unit", "referenceUnit"))
        unit, reference_unit = units
        return Amount(
            float(low[0]) if low else None,
            float(high[0]) if high else None,
            unit,
            float(reference[0]) if reference else None,
            reference_unit,
        )
