"""A small graph in Turtle, as curators write it, with what rules infer of it; for tests of reading and writing."""

from __future__ import annotations

import random

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse

from kg.build.assess import triples
from kg.build.assess.assess import Assessments, assess
from kg.build.assess.reading.facts import Facts
from kg.build.assess.reading.read_facts import read_contents, read_facts
from kg.rdf.vocabulary import Vocabulary
from tests.support.paths import BASE

VOCABULARY = Vocabulary(BASE)
PREFIXES = """
@prefix vitk: <ontology#> .
@prefix id: <id/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix unit: <http://qudt.org/vocab/unit/> .
"""
GRAPHS = {
    "ontology": """
vitk:decreasesRiskOf a vitk:CausalEffect ; vitk:sense vitk:senseLess .
vitk:isAssociatedWithLowerRiskOf a vitk:AssociationalEffect ;
    vitk:sense vitk:senseLess ; vitk:causalCounterpart vitk:decreasesRiskOf .
vitk:contains a vitk:DescriptiveEffect .
vitk:fracture-part a vitk:Part ; vitk:effectFallsOn vitk:outcome .
vitk:traceLevel a vitk:ContentLevel ; vitk:levelFrom 0.0 ; vitk:levelBelow 1.5 .
vitk:richLevel a vitk:ContentLevel ; vitk:levelFrom 22.5 .
""",
    "entities": """
id:k2 a vitk:VitaminKForm , vitk:Substance .
id:mk7 a vitk:VitaminKForm , vitk:Substance ; vitk:isFormOf id:k2 .
id:natto a vitk:Food ; vitk:hasExactTableFood id:row-natto .
id:miso a vitk:Food ; vitk:hasNearestTableFood id:row-natto .
id:fracture a vitk:Condition ; vitk:desirability vitk:moreIsWorse .
id:hip-fracture a vitk:Condition ; vitk:isKindOf id:fracture .
id:bmd a vitk:Measure ; vitk:isMarkerOf id:fracture ; vitk:desirability vitk:moreIsBetter .
id:rat a vitk:ModelSystem .
id:trial vitk:strand vitk:humanStrand .
id:dose-90 a vitk:DosageRegimen ;
    vitk:minimumAmount 0.09 ; vitk:maximumAmount 0.12 ; vitk:unit unit:MilliGM ; vitk:perDays 1 .
id:dose-weekly a vitk:DosageRegimen ; vitk:maximumAmount 700.0 ; vitk:unit unit:MicroGM ; vitk:perDays 7 .
id:dose-unclear a vitk:DosageRegimen ; vitk:maximumAmount 3.0 ; vitk:unit unit:TABLET ; vitk:perDays 1 .
""",
    "propositions": """
id:proposition-k2-fracture a vitk:EffectProposition ; rdfs:label "K2 lowers the risk of fracture."@en ;
    vitk:subject id:k2 ; vitk:predicate vitk:decreasesRiskOf ; vitk:object id:fracture .
id:proposition-mk7-hip a vitk:EffectProposition , vitk:Proposition ; rdfs:label "MK-7 and the hip."@en ;
    vitk:subject id:mk7 ; vitk:predicate vitk:decreasesRiskOf ; vitk:object id:hip-fracture ;
    vitk:regimen id:dose-90 , id:dose-weekly , id:dose-unclear ; vitk:population id:women .
id:proposition-seen a vitk:AssociationProposition ; rdfs:label "Seen together."@en ;
    vitk:subject id:k2 ; vitk:predicate vitk:isAssociatedWithLowerRiskOf ; vitk:object id:fracture .
id:proposition-natto a vitk:CompositionProposition ; rdfs:label "Natto is rich in K2."@en ;
    vitk:subject id:natto ; vitk:predicate vitk:contains ; vitk:object id:k2 ;
    vitk:level vitk:richLevel ; vitk:perPortion 50.0 ; vitk:extent vitk:someOfThem .
id:proposition-open a vitk:EffectProposition ; rdfs:label "Searched for."@en ;
    vitk:subject id:k2 ; vitk:predicate vitk:decreasesRiskOf ; vitk:object id:bmd ; vitk:model id:rat ;
    vitk:subjectAspect vitk:balancedIntake ; vitk:comparator id:placebo .
id:rung-1 a vitk:Rung ; vitk:forPropositionType vitk:EffectProposition , vitk:MechanismProposition ;
    vitk:forDesign id:trial ; vitk:tier 1 ; vitk:startingCertainty vitk:highCertainty .
id:rung-2 a vitk:Rung ; vitk:forPropositionType vitk:EffectProposition ; vitk:isForModels true ;
    vitk:forDesign id:trial ; vitk:tier 2 ; vitk:startingCertainty vitk:lowCertainty .
id:rung-3 a vitk:Rung ; vitk:forPropositionType vitk:AssociationProposition , vitk:EffectProposition ;
    vitk:forDesign id:cohort ; vitk:tier 2 ; vitk:startingCertainty vitk:lowCertainty .
""",
    "claims": """
id:claim-1 a vitk:Claim ; vitk:expresses id:proposition-k2-fracture ; vitk:polarity vitk:affirms ;
    vitk:effect vitk:decreasesRiskOf ; vitk:emphasis vitk:strongly ; vitk:presupposes id:proposition-seen .
id:claim-2 a vitk:Claim ; vitk:expresses id:proposition-open ; vitk:polarity vitk:denies ;
    vitk:effect vitk:isAssociatedWithLowerRiskOf ; vitk:hedge vitk:may .
id:claim-3 a vitk:Claim ; vitk:effect vitk:contains .
""",
    "evidence": """
id:study-a a vitk:Study ; rdfs:label "Trial A"@en ; vitk:design id:trial ; vitk:participants 500 ;
    vitk:studiedSubstance id:mk7 ; vitk:studiedPopulation id:women ; vitk:studiedRegimen id:dose-90 ;
    vitk:hasBiasAssessment id:bias-a ; vitk:isSameTrialAs id:study-b .
id:bias-a a vitk:BiasAssessment ; vitk:judgesRiskAs vitk:lowRiskOfBias .
id:study-b a vitk:Study ; rdfs:label "Trial A, later"@en ; vitk:design id:trial ; vitk:isSameTrialAs id:study-c .
id:study-c a vitk:Study ; rdfs:label "Trial A, later still"@en ; vitk:design id:trial ; vitk:hasIntegrityNotice id:study-n ;
    vitk:studiedModel id:rat .
id:study-p a vitk:Study ; rdfs:label "Pooled"@en ; vitk:design id:meta-analysis-of-trials ; vitk:pools id:study-a .
id:study-d a vitk:Study ; rdfs:label "Cohort"@en ; vitk:design id:cohort ; vitk:hasBiasAssessment id:bias-d , id:bias-e .
id:bias-d a vitk:BiasAssessment ; vitk:judgesRiskAs vitk:lowRiskOfBias .
id:bias-e a vitk:BiasAssessment ; vitk:findsLowRiskIn vitk:allocationConcealment ; vitk:findsHighRiskIn vitk:incompleteOutcomeData .
id:result-a a vitk:StudyResult ; vitk:finding vitk:foundLess ; vitk:resultFor id:hip-fracture ; vitk:exposure id:mk7 ;
    vitk:givenTogetherWith id:d3 ; vitk:lowerConfidenceLimit 0.5 ;
    vitk:resultAfter id:dose-90 ; vitk:resultAgainst vitk:otherTreatment ; vitk:isSecondaryResult true .
id:result-b a vitk:StudyResult ; vitk:resultFor id:fracture ; vitk:resultAgainst vitk:placebo ; vitk:resultIn id:rat , id:women ;
    vitk:minimumAmount 1.0 ; vitk:unit unit:MicroGM ; vitk:referenceAmount 100.0 ; vitk:referenceUnit unit:GM .
id:result-d a vitk:StudyResult ; vitk:finding vitk:noDifferenceShown ; vitk:resultFor id:fracture ; vitk:exposure id:k2 .
id:line-a a vitk:EvidenceLine ; vitk:bearsOn id:proposition-mk7-hip ; vitk:study id:study-a ; vitk:result id:result-a .
id:line-b a vitk:EvidenceLine ; vitk:bearsOn id:proposition-k2-fracture ; vitk:study id:study-c ; vitk:result id:result-b ;
    vitk:judgedDirection vitk:disputing .
id:line-d a vitk:EvidenceLine ; vitk:bearsOn id:proposition-seen ; vitk:study id:study-d ; vitk:result id:result-d .
id:search-1 a vitk:SearchRecord ; vitk:searchedFor id:claim-2 , id:proposition-natto .
""",
    "composition": """
id:row-natto vitk:hasMeasurement id:m-mk7 , id:m-zero , id:m-below , id:m-milli , id:m-iu .
id:m-mk7 vitk:ofAnalyte id:mk7 ; vitk:minimumAmount 90.0 ; vitk:maximumAmount 100.0 ; vitk:unit unit:MicroGM ;
    vitk:referenceAmount 10.0 ; vitk:referenceUnit unit:GM .
id:m-zero vitk:ofAnalyte id:k2 ; vitk:minimumAmount 0.0 ; vitk:maximumAmount 0.0 ; vitk:unit unit:MicroGM ;
    vitk:referenceAmount 100.0 ; vitk:referenceUnit unit:GM ; vitk:hasOrigin vitk:assumedZero .
vitk:assumedZero vitk:countsAsMeasurement false .
id:m-below vitk:ofAnalyte id:mk4 ; vitk:minimumAmount 2.0 ; vitk:maximumAmount 2.0 ; vitk:unit unit:MicroGM ;
    vitk:referenceAmount 100.0 ; vitk:referenceUnit unit:GM ; vitk:isBelowDetection true .
id:m-milli vitk:ofAnalyte id:k1 ; vitk:maximumAmount 0.4 ; vitk:unit unit:MilliGM ;
    vitk:referenceAmount 100.0 ; vitk:referenceUnit unit:GM .
id:m-iu vitk:ofAnalyte id:k ; vitk:maximumAmount 0.4 ; vitk:unit unit:IU ;
    vitk:referenceAmount 100.0 ; vitk:referenceUnit unit:GM .
id:natto vitk:hasMeasurement id:m-study .
id:m-study a vitk:Measurement ; vitk:citesStudy id:study-a ; vitk:ofAnalyte id:k2 ; vitk:minimumAmount 800.0 ;
    vitk:unit unit:MicroGM ; vitk:referenceAmount 100.0 ; vitk:referenceUnit unit:GM .
""",
}


def quads(**more: str) -> list[Quad]:
    """The statements of the graph, with some more in the graphs that are named."""
    found = []
    for graph, text in GRAPHS.items():
        text = PREFIXES + text + more.get(graph, "")
        target = NamedNode(VOCABULARY.graph(graph))
        triples_of_graph = parse(text, format=RdfFormat.TURTLE, base_iri=VOCABULARY.base)
        found += [Quad(one.subject, one.predicate, one.object, target) for one in triples_of_graph]
    return found


def store_of(some: list[Quad]) -> Store:
    store = Store()
    for quad in some:
        store.add(quad)
    return store


def shuffled(seed: int) -> Store:
    some = quads()
    random.Random(seed).shuffle(some)
    return store_of(some)


def run(store: Store) -> tuple[Facts, Assessments, list[Quad]]:
    known = read_facts(store, VOCABULARY)
    found = assess(known, read_contents(store, VOCABULARY))
    return known, found, triples.quads(known, found, VOCABULARY)
