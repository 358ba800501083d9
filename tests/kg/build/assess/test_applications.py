"""By which route lines reach other propositions, and where they must not go."""

from __future__ import annotations

from kg.build.assess.applications import applications, narrower, observations
from kg.build.assess.reading.facts import Facts, Line, Proposition
from kg.build.assess.reading.terms import Direction, Finding, Route
from tests.kg.build.assess.small_facts import (
    ASSOCIATION,
    COHORT,
    INTERACTION,
    KINETICS,
    SAFETY,
    assessed,
    dose,
    facts,
    line,
    proposition,
    reasons,
    study,
)


def routes(known: Facts, about: Proposition) -> dict[str, Route]:
    found = applications(known, narrower(known), observations(known))
    return {one.line.result.name: one.route for one in found[about.name]}


def reaches(own: Proposition, other: Proposition, one: Line | None = None) -> Route | None:
    """The route of a line on one proposition to the other."""
    one = one or line(own)
    known = facts(own, other, lines=[one])
    assert routes(known, own) == {one.result.name: Route.OWN}
    return routes(known, other).get(one.result.name)


HIP, ANY = proposition(target="hip-fracture"), proposition()


def test_a_line_travels_up_along_outcome_form_and_people() -> None:
    assert reaches(HIP, ANY) is Route.FROM_NARROWER
    assert reaches(proposition("mk7"), ANY) is Route.FROM_NARROWER
    assert reaches(proposition(populations={"women"}), ANY) is Route.FROM_NARROWER
    women = proposition(populations={"women-after-menopause"})
    assert reaches(women, proposition(populations={"women"})) is Route.FROM_NARROWER
    assert reaches(proposition(doses=(dose(90.0, 90.0),)), ANY) is Route.FROM_NARROWER


def test_it_travels_down_only_to_other_people_or_another_dose() -> None:
    assert reaches(ANY, HIP) is None
    assert reaches(ANY, proposition("mk7")) is None
    assert reaches(ANY, proposition(populations={"women"})) is Route.FROM_BROADER
    assert reaches(ANY, proposition(doses=(dose(90.0, 90.0),))) is Route.FROM_BROADER


def test_between_two_doses_nothing_travels() -> None:
    one = proposition(doses=(dose(90.0, 90.0),))
    other = proposition(doses=(dose(45.0, 45.0),))
    assert reaches(one, other) is None


def test_harm_reaches_members_of_a_group_and_benefit_does_not() -> None:
    harm, of_mk7 = (proposition(form, "causes", "side-effect", SAFETY) for form in ("k2", "mk7"))
    assert reaches(harm, of_mk7, line(harm, Finding.MORE)) is Route.FROM_BROADER
    k, mk7 = (proposition(form, "weakensEffectOf", "warfarin", INTERACTION) for form in ("k", "mk7"))
    one = line(k, Finding.PRESENT, exposures=["k"])
    assert reaches(k, mk7, one) is Route.FROM_BROADER
    found = assessed(mk7, one, others=[k])
    assert found.weighed[0].application.gaps.substance == 0
    assert found.weighed[0].decides


def test_that_another_form_is_safe_is_listed_and_decides_nothing() -> None:
    harm, of_mk7 = (proposition(form, "causes", "side-effect", SAFETY) for form in ("k2", "mk7"))
    safe = line(harm, Finding.ABSENT, exposures=["mk4"])
    assert reasons(assessed(of_mk7, safe, others=[harm])) == {"result-a": {"otherSubstance"}}


def test_nothing_travels_between_predicates_qualifiers_aspects_models_or_types() -> None:
    qualified = proposition(qualifiers={("location", "hip")})
    others = [
        proposition(predicate="raises"),
        qualified,
        proposition(aspects={"deficientIntake"}),
        proposition(models={"rat"}),
        proposition(kind=ASSOCIATION),
    ]
    assert [reaches(proposition("mk7"), other) for other in others] == [None] * 5
    kinetic, of_mk7 = (proposition(form, "raises", "absorption", KINETICS) for form in ("k2", "mk7"))
    assert reaches(of_mk7, kinetic) is None


def test_an_association_is_observational_evidence_for_the_cause_behind_it() -> None:
    seen = proposition(predicate="associatedWithLess", kind=ASSOCIATION, target="chd")
    cohort = line(seen, by=study(design=COHORT))
    assert reaches(seen, proposition(target="chd"), cohort) is Route.FROM_ASSOCIATION
    assert reaches(seen, proposition("k", target="chd"), cohort) is Route.FROM_ASSOCIATION
    assert reaches(seen, proposition(target="vascular-disease"), cohort) is Route.FROM_ASSOCIATION
    assert reaches(seen, proposition("mk7", target="chd"), cohort) is None
    assert reaches(seen, proposition(predicate="raises", target="chd"), cohort) is None
    of_women = proposition(target="chd", populations={"women"})
    assert reaches(seen, of_women, cohort) is None


def test_a_cohort_on_heart_disease_does_not_reach_calcification_by_way_of_the_common_parent() -> None:
    seen = proposition(predicate="associatedWithLess", kind=ASSOCIATION, target="chd")
    parent = proposition(target="vascular-disease")
    parent_seen = proposition(predicate="associatedWithLess", kind=ASSOCIATION, target="vascular-disease")
    calcification = proposition(target="calcification")
    calcification_seen = proposition(predicate="associatedWithLess", kind=ASSOCIATION, target="calcification")
    known = facts(seen, parent, parent_seen, calcification, calcification_seen, lines=[line(seen)])
    assert routes(known, parent_seen) == {"result-a": Route.FROM_NARROWER}
    assert routes(known, calcification) == routes(known, calcification_seen) == {}


def test_less_of_a_condition_is_observed_where_the_function_that_it_impairs_improves() -> None:
    seen = proposition(predicate="associatedWithLess", kind=ASSOCIATION, target="fracture")
    assert reaches(seen, proposition(predicate="improves", target="bone-health")) is Route.FROM_ASSOCIATION
    assert reaches(seen, proposition(predicate="improves", target="vascular-disease")) is None


def test_what_is_about_a_lack_or_qualified_observes_nothing_else() -> None:
    lack = proposition(predicate="associatedWithLess", kind=ASSOCIATION, aspects={"deficientIntake"})
    located = proposition(predicate="associatedWithLess", kind=ASSOCIATION, qualifiers={("location", "hip")})
    assert (reaches(lack, ANY), reaches(located, ANY)) == (None, None)
    seen = proposition(predicate="associatedWithLess", kind=ASSOCIATION)
    assert reaches(seen, proposition(aspects={"deficientIntake"})) is None


def test_a_result_with_a_line_of_its_own_does_not_travel_there_and_none_arrives_twice() -> None:
    own, other, third = line(HIP), line(ANY), proposition("k")
    assert routes(facts(HIP, ANY, lines=[own, other]), ANY) == {"result-a": Route.OWN}
    known = facts(HIP, ANY, third, lines=[own, other])
    assert len(applications(known, narrower(known), {})[third.name]) == 1


def test_the_direction_is_that_for_the_proposition_which_a_line_reaches() -> None:
    women = proposition(populations={"women"})
    known = facts(ANY, women, lines=[line(ANY, Finding.MORE)])
    found = applications(known, narrower(known), {})[women.name]
    assert [one.direction for one in found] == [Direction.DISPUTING]
