"""Mistakes that a curator could make, planted one by one: each is caught, with file, line and rule, and nothing else is.

OWL catches its share in test_reasoning, the identifier lint in test_mappings; here are syntax, names and shapes.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from kg.build import pipeline
from kg.errors import CuratedFileError, CuratedProblem
from kg.release.release import Releases
from tests.support.curated_subset import without_tables
from tests.support.paths import BASE, CURATED

MK7 = "entities/vitamins-and-forms.ttl"
BIAS = "evidence/assessments-of-bias.ttl"
STUDIES = "evidence/studies-heart-metabolism-brain-cancer.ttl"
LINES = "evidence/lines-association.ttl"
EFFECTS = "evidence/lines-effect.ttl"
KINETICS = "evidence/lines-kinetics.ttl"
MEASURED = "composition/literature.ttl"
INTAKES = "evidence/reference-intakes.ttl"
UNREADABLE = {
    "syntax": (MK7, "vitk:isFormOf id:vitamin-k2 ;", 'vitk:isFormOf "vitamin K2 ;', "[Turtle syntax]"),
    "unknown thing": (MK7, "vitk:isFormOf id:vitamin-k2 ;", "vitk:isFormOf id:vitamin-k22 ;", "did you mean id:vitamin-k2?"),
    "unknown term": (MK7, "vitk:isFormOf id:vitamin-k2 ;", "vitk:isFromOf id:vitamin-k2 ;", "did you mean vitk:isFormOf?"),
}  # fmt: skip
MISSHAPEN = {
    "no hedge": ("claims/20-foods.ttl", "    vitk:hedge vitk:states ;\n", "", "exactly one vitk:hedge"),
    "wrong unit": ("claims/20-foods.ttl", "vitk:unit unit:MicroGM", "vitk:unit unit:MicroGram", "[shape:AmountUnit]"),
    "swapped range": ("claims/20-foods.ttl", "vitk:minimumAmount 50.0", "vitk:minimumAmount 950.0", "not above"),
    "double": ("claims/20-foods.ttl", "vitk:minimumAmount 50.0", "vitk:minimumAmount 5.0e1", "[shape:AmountMinimum]"),
    "text": ("claims/20-foods.ttl", "vitk:minimumAmount 63.0", 'vitk:minimumAmount "63"', "[shape:AmountMinimum]"),
    "no reference": ("claims/20-foods.ttl", "    vitk:referenceAmount 100.0 ;\n", "", "per how much food"),
    "wrong id": ("claims/20-foods.ttl", 'dcterms:identifier "F089"', 'dcterms:identifier "F89"', "and three digits"),
    "no full stop": ("claims/22-disease.ttl", '."@en', '"@en', "ends with a full stop"),
    "not people": ("claims/07-bone-support.ttl", "vitk:population id:postmenopausal-women", "vitk:population id:bone", "[shape:ClaimPopulation]"),
    "no label": ("entities/drugs.ttl", 'rdfs:label "warfarin"@en', 'rdfs:label "warfarin"', "[shape:OneLabel]"),
    "no design": (STUDIES, "    vitk:design id:meta-analysis-of-cohorts ;\n", "", "exactly one vitk:design"),
    "an address for a DOI": (STUDIES, 'bibo:doi "10.', 'bibo:doi "https://doi.org/10.', "a bare DOI"),
    "a PubMed address": (STUDIES, 'bibo:pmid "', 'bibo:pmid "PMID:', "a bare PubMed id"),
    "a year to come": (STUDIES, "vitk:publicationYear 20", "vitk:publicationYear 220", "from 1930 to 2030"),
    "p above one": (STUDIES, "vitk:pValue 0.", "vitk:pValue 7.", "between 0 and 1"),
    "interval reversed": (STUDIES, "vitk:lowerConfidenceLimit 0.", "vitk:lowerConfidenceLimit 9.", "not above the upper one"),
    "effect outside": (STUDIES, "vitk:effectSize -17.0", "vitk:effectSize 917.0", "not above its upper confidence limit"),
    "no measure of effect": (STUDIES, "    vitk:effectMeasure vitk:hazardRatio ;\n", "", "which kind of number is it?"),
    "a line for two": (LINES, "    vitk:bearsOn id:proposition-", "    vitk:bearsOn id:proposition-k2-lowers-fracture , id:proposition-", "exactly one proposition"),
    "a line without a result": (KINETICS, "    vitk:study id:study-schurgers-2007 ;\n    vitk:result ", "    vitk:study id:study-schurgers-2007 ;\n    vitk:judgedDirection ", "exactly one vitk:result"),
    "a direction by hand": (EFFECTS, "    vitk:study id:study-theuwissen-2013 ;\n", "    vitk:study id:study-theuwissen-2013 ;\n    vitk:direction vitk:supporting ;\n", "vitk:direction is computed"),
    "no finding": (STUDIES, "    vitk:finding vitk:foundLess ;\n", "", "exactly one vitk:finding"),
    "a denial as a proposition": ("propositions/09-safety.ttl", "vitk:predicate vitk:causes", "vitk:predicate vitk:doesNotCause", "stated positively or as the harm"),
    "no predicate": ("propositions/03-mechanism.ttl", "    vitk:predicate vitk:activates ;\n", "", "exactly one vitk:predicate"),
    "no proposition": ("claims/22-disease.ttl", "    vitk:expresses id:", "    vitk:presupposes id:", "expresses exactly one proposition"),
    "no side": ("claims/07-bone-support.ttl", "    vitk:polarity vitk:affirms ;\n", "", "exactly one vitk:polarity"),
    "exact and yet other": ("claims/36-side-effects.ttl", "id:proposition-k-change-alters-anticoagulants ;\n    vitk:polarity vitk:affirms ;\n    vitk:fit vitk:broader", "id:proposition-k-change-alters-anticoagulants ;\n    vitk:polarity vitk:affirms ;\n    vitk:fit vitk:exact", "the subject and object of its proposition"),
    "a standing by hand": ("claims/35-anticoagulants.ttl", "    vitk:fit vitk:", "    vitk:standing vitk:consistentStanding ;\n    vitk:fit vitk:", "computed from its proposition"),
    "a bias by hand": ("evidence/studies-kinetics-foods-intakes.ttl", "    vitk:design id:kinetic-study ;\n", "    vitk:design id:kinetic-study ;\n    vitk:riskOfBias vitk:lowRiskOfBias ;\n", "vitk:riskOfBias is computed"),
    "a bias that nobody judged": (BIAS, '    bibo:doi "10.7326/ACPJC-2004-140-2-037" ;\n', "", "cites the publication that judged"),
    "a bias without a judgement": (BIAS, "    vitk:findsLowRiskIn vitk:allocationConcealment ;\n", "", "gives a judgement of the study or of a domain"),
    "a bias without its words": (BIAS, '    vitk:judgementAsGiven "The allocation was concealed. Level of evidence 1b. Read in part." ;\n', "", "says what its publication says"),
    "a domain both low and high": (BIAS, "    vitk:findsLowRiskIn vitk:incompleteOutcomeData ;\n", "    vitk:findsLowRiskIn vitk:blindingOfParticipants ;\n", "one risk in a vitk:BiasDomain"),
    "a rung without a tier": ("propositions/ladder.ttl", "    vitk:tier 1 ;\n", "", "one tier from 1"),
    "an unsourced amount": (MEASURED, "    vitk:citesStudy id:study-", "    vitk:citesStudy id:bone , id:study-", "cites a study"),
    "a negative amount": (MEASURED, "vitk:minimumAmount 20.0", "vitk:minimumAmount -20.0", "not negative"),
    "no authority": (INTAKES, "    vitk:authority id:efsa ;\n", "", "exactly one vitk:authority"),
    "nobody acts": ("claims/07-bone-support.ttl", "    vitk:precipitant id:vitamin-d3 ;\n", "", "has a vitk:precipitant"),
    "nothing is affected": ("claims/35-anticoagulants.ttl", "    vitk:affectedSubstance id:vitamin-k-antagonist , id:warfarin ;\n", "", "has a vitk:affectedSubstance"),
    "two severities": ("claims/36-side-effects.ttl", "vitk:severity vitk:cautionNeeded", "vitk:severity vitk:cautionNeeded , vitk:mild", "at most one vitk:severity"),
    "advice that is none": ("claims/36-side-effects.ttl", "vitk:guidance id:use-caution", "vitk:guidance id:bone", "how an interaction is managed"),
    "a bound of nothing": ("evidence/studies-bone.ttl", "    vitk:pValue 0.05 ;\n    vitk:isPValueLowerBound", "    vitk:isPValueLowerBound", "needs the vitk:pValue"),
    "less and more": ("evidence/studies-searched.ttl", "vitk:isPValueUpperBound true", "vitk:isPValueUpperBound true ;\n    vitk:isPValueLowerBound true", "not both"),
    "a negative deviation": (STUDIES, "vitk:standardDeviation 2.78", "vitk:standardDeviation -2.78", "not negative"),
    "once and daily": ("evidence/studies-kinetics-foods-intakes.ttl", "vitk:isSingleDose true", "vitk:perDays 1.0 ;\n    vitk:isSingleDose true", "or vitk:isSingleDose true"),
    "no days": ("claims/00-regimens.ttl", " ;\n    vitk:perDays 1.0", "", "exactly one vitk:perDays"),
}  # fmt: skip


@pytest.fixture
def curated(tmp_path: Path) -> Path:
    return without_tables(Path(shutil.copytree(CURATED, tmp_path / "curated")))


def plant(curated: Path, name: str, right: str, wrong: str) -> None:
    path = curated / name
    before = path.read_text("utf-8")
    assert right in before, f"{name} no longer holds {right!r}"
    path.write_text(before.replace(right, wrong, 1), "utf-8")


@pytest.mark.parametrize("kind", UNREADABLE)
def test_a_file_that_cannot_be_read_stops_the_build_with_file_line_and_rule(
    kind: str, curated: Path, tmp_path: Path
) -> None:
    name, right, wrong, expected = UNREADABLE[kind]
    plant(curated, name, right, wrong)
    with pytest.raises(CuratedFileError, match=expected.replace("?", r"\?").replace("[", r"\[")) as caught:
        pipeline.build(curated, tmp_path / "data", BASE, proof=False)
    line = (curated / name).read_text("utf-8").partition(wrong)[0].count("\n") + 1
    assert [(problem.path, problem.line) for problem in caught.value.problems] == [(curated / name, line)]
    assert Releases(tmp_path / "data").current() is None


@pytest.fixture(scope="module")
def problems(tmp_path_factory: pytest.TempPathFactory) -> list[CuratedProblem]:
    """All misshapen cases planted in one copy, so that one build finds them all."""
    curated = without_tables(Path(shutil.copytree(CURATED, tmp_path_factory.mktemp("misshapen") / "curated")))
    for name, right, wrong, _ in MISSHAPEN.values():
        plant(curated, name, right, wrong)
    with pytest.raises(CuratedFileError) as caught:
        pipeline.build(curated, curated.parent / "data", BASE, proof=False)
    return caught.value.problems


@pytest.mark.parametrize("kind", MISSHAPEN)
def test_a_broken_rule_is_reported_with_file_line_and_rule(kind: str, problems: list[CuratedProblem]) -> None:
    name, _, _, expected = MISSHAPEN[kind]
    found = [problem for problem in problems if problem.path.as_posix().endswith(name) and expected in str(problem)]
    assert found
    for problem in found:
        lines = problem.path.read_text("utf-8").splitlines()
        assert problem.line
        start = next(number for number in range(problem.line - 1, -1, -1) if lines[number].startswith("id:"))
        assert problem.message.startswith(lines[start].split()[0] + ":")
        assert problem.rule.startswith("shape:")


IMPLAUSIBLE = (
    (MEASURED, "vitk:minimumAmount 850.0", "vitk:minimumAmount 850000.0"),
    (MEASURED, "vitk:maximumAmount 850.0", "vitk:maximumAmount 850000.0"),
    ("claims/00-regimens.ttl", "vitk:maximumAmount 15000.0", "vitk:maximumAmount 15000000.0"),
)


@pytest.mark.system
def test_an_implausible_amount_or_dose_is_a_warning_and_the_real_data_give_none(curated: Path, tmp_path: Path) -> None:
    assert pipeline.build(curated, tmp_path / "data", BASE, proof=False).warnings == ()
    for name, right, wrong in IMPLAUSIBLE:
        text = (curated / name).read_text("utf-8")
        assert right in text
        (curated / name).write_text(text.replace(right, wrong), "utf-8")
    warnings = pipeline.build(curated, tmp_path / "data", BASE, proof=False).warnings
    assert ["implausible" in str(warning) for warning in warnings] == [True, True]
