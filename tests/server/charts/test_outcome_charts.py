"""Charts of outcomes: what each side of 1 means, in whom and against what, and when it was studied."""

from __future__ import annotations

from decimal import Decimal

import pytest
from flask.testing import FlaskClient

from kg.claims import study_results
from kg.claims.study_results import EffectGroup, ReportedEffect
from kg.reader.entity import Reference
from server.charts import effects
from server.charts.chart import WIDE
from server.svg.drawing import Text
from tests.server.charts.examples import Source, chart, links_of, parts_of


def test_ratios_of_trials_observations_and_markers_are_never_counted_together(source: Source) -> None:
    assert chart(source, "effects").finding == (
        "Hip fracture, 7 ratios. Trials: 1 below 1 (1 of a study about which a warning was published). Intake or "
        "status: 3 below 1. Markers in the blood: 1 above 1, 2 without an interval"
    )


@pytest.mark.parametrize(
    ("outcome", "below", "above"),
    [
        # More of it is worse; forms of vitamin K; not all against placebo.
        ("bone-fracture", "← favours vitamin K", "favours comparator →"),
        # It is worse, as a type of what is worse; one form against placebo.
        ("coronary-artery-calcification", "← favours phylloquinone", "favours placebo →"),
        # Not of trials alone, so that nothing is favoured.
        ("cancer-outcome", "← less often with vitamin K2", "more often with vitamin K2 →"),
        # A marker favours nothing.
        ("hip-fracture", "← less often with higher undercarboxylated osteocalcin", ""),
    ],
)
def test_a_forest_chart_says_in_words_what_each_side_means(
    source: Source, outcome: str, below: str, above: str
) -> None:
    words = [part.text for part in parts_of(chart(source, "effects", outcome).draw(WIDE)) if isinstance(part, Text)]
    assert below in words
    assert not above or above in words


@pytest.mark.parametrize(("desirability", "below"), [(-1, "favours warfarin"), (1, "favours comparator")])
def test_the_side_that_is_favoured_follows_from_the_desirability_of_the_outcome(desirability: int, below: str) -> None:
    group = trial("warfarin")
    assert effects.sides(group, desirability, ())[0] == below
    assert effects.sides(group, 0, ()) == ("less often with warfarin", "more often with warfarin")


def test_where_trials_gave_different_substances_none_of_them_is_favoured_by_name() -> None:
    assert effects.sides(trial("warfarin", "aspirin"), -1, ())[0] == "favours what was given"


def trial(*given: str) -> EffectGroup:
    """A group of ratios of trials, each of one substance."""
    named = Reference("", "randomised controlled trial")
    made = [
        ReportedEffect(
            *(named, named, "", Reference("", "risk ratio"), Decimal("0.5"), None, None, "", "", True, False),
            *(study_results.TREATMENT, (Reference(f"#{name}", name),), (), (), (), (), ()),
        )
        for name in given
    ]
    return EffectGroup("", study_results.TREATMENT, is_ratio=True, effects=tuple(made))


def test_no_ratio_of_the_graph_is_turned_round(source: Source) -> None:
    """What each side means rests on this: a ratio below 1 is of less in those who got what is named, never of more."""
    rows = source.reader.select(
        """PREFIX vitk: <https://w3id.org/vitk/ontology#> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
           SELECT ?result WHERE {
             ?result vitk:finding ?found ; vitk:effectSize ?size ; vitk:effectMeasure/rdfs:label ?measure .
             FILTER (CONTAINS(?measure, "ratio"))
             FILTER ((?found = vitk:foundLess && ?size >= 1) || (?found = vitk:foundMore && ?size <= 1)) }"""
    )
    assert rows == []


def test_all_panels_of_a_forest_chart_have_the_same_axis(source: Source) -> None:
    drawing = chart(source, "effects", "hip-fracture").draw(WIDE)
    ticks = [(part.text, part.x) for part in parts_of(drawing) if isinstance(part, Text) and part.anchor == "middle"]
    places = {x for text, x in ticks if text == "1"}
    assert len([text for text, _ in ticks if text == "1"]) == 3
    assert len(places) == 1


def test_a_forest_chart_names_people_and_what_was_compared(source: Source) -> None:
    found = chart(source, "effects", "coronary-artery-calcification")
    words = [part.text for part in parts_of(found.draw(WIDE)) if isinstance(part, Text)]
    assert "phylloquinone, 10 mg per day against placebo; people with diabetes" in words
    row = next(row for row in found.rows if row[1].startswith("Bellinge"))
    assert row[3:6] == ("people with diabetes", "phylloquinone", "placebo")


def test_a_timeline_of_an_outcome_has_its_studies_by_sort_and_says_that_it_shows_no_findings(
    source: Source, client: FlaskClient
) -> None:
    found = chart(source, "timeline", "bone-fracture")
    years = {row[2]: row[0] for row in found.rows}
    assert years["Cockayne et al. 2006"] == "2006"
    assert "not what was found" in found.note
    link = next(link for link in links_of(found.draw(WIDE)) if link.iri.endswith("/study-cockayne-2006"))
    assert [part.style for part in link.shapes] == ["warned"]
    assert 'id="timeline"' in client.get("/page/bone-fracture").text


def test_a_number_that_needs_a_unit_has_one_or_says_that_none_is_recorded(client: FlaskClient, source: Source) -> None:
    outcome = source.reader.vocabulary.entity_iri("bone-mineral-density")
    groups = study_results.of_outcome(source.reader, outcome)
    others = [one for group in groups if not group.is_ratio for one in group.effects]
    lacking = [one for one in others if one.lacks_unit]
    assert lacking
    assert all(one.unit == "%" for one in others if "per cent" in one.measure.label)
    assert client.get("/page/bone-mineral-density").text.count("no unit recorded") == len(lacking)
