"""Pages of entities: a layout for each type, numbers from the graph, statements weighed, parts that come by paging."""

from __future__ import annotations

import re
from html import unescape

import pytest
from flask.testing import FlaskClient
from pyoxigraph import Literal

from kg import amounts
from kg.claims import backlinks, effect_direction, outcomes
from kg.claims.claim_index import ClaimIndex
from kg.foods import vitamin_forms
from kg.rdf.formats import GRAPH_FORMATS
from kg.reader.reader import Reader

BROWSER = {"Accept": "text/html"}

# A page of every kind, and what only such a page says.
KINDS = {
    "menaquinone-7": ("Side chain", "isoprenoid units", "Time in the blood", "up to 48 h", "Food sources, per 100 g", "What the evidence shows", "C<sub>46</sub>H<sub>64</sub>O<sub>2</sub>"),
    "osteocalcin": ("Function and activation", "gamma-glutamyl carboxylase", "Measured forms"),
    "coronary-heart-disease": ("What is known about it", "Observations only", "What studies found, in numbers", "hazard ratio", "0.53 to 0.93"),
    "bone-mineral-density": ("What is known about it", "Trials: what came of a treatment"),
    "claim-f166-1": ("The interaction", "What acts (precipitant)", "Severity", "Management", "Not medical advice."),
    "warfarin": ("How it meets vitamin K", "Substances that counteract it", "Not medical advice."),
    "section-anticoagulants": ("How the claims hold up", "Claims made here"),
    "adults": ("Intakes that authorities set", "70 µg per day", "EFSA"),
    "study-knapen-2015": ("What it found", "Propositions that it informs", "10.1160/TH14-08-0675"),
    "natto": ("Vitamin K in it, per 100 g", "850 µg per 85 g", "In household measures", "1,750 µg", "USDA SR28"),
    "sr28-11457": ("USDA SR28</a> gives per 100 g", "482.9 µg", "In household measures"),
    "measurement-sr28-11457-430": ("phylloquinone in Spinach, raw", "Where the number comes from", "analysed"),
    "claim-f034-1": ("Flaw: overstatement", "The evidence", "Conflicting claims"),
    "proposition-k2-lowers-fracture": ("For the proposition", "No difference shown", "Set aside, and why", "not a GRADE rating"),
    "proposition-natto-rich-in-k2": ("Measured contents", "NIH Office of Dietary Supplements", "1,000", "What counts as"),
    "intake-efsa-adults": ("What all authorities set for these people", "NHS", "Not medical advice."),
    "vitamin-k": ("Forms", "phylloquinone", "How much", "Effects on health", "Safety, interactions, advice"),
    "bone": ('<h2 id="claims">Claims', '<h2 id="incoming">Connections'),
}  # fmt: skip


@pytest.fixture(scope="module")
def claim_index(reader: Reader) -> ClaimIndex:
    return ClaimIndex(reader)


@pytest.mark.parametrize("name", KINDS)
def test_a_page_of_each_kind_tells_what_that_kind_has_to_tell(client: FlaskClient, name: str) -> None:
    page = client.get(f"/page/{name}").text
    for expected in KINDS[name]:
        assert expected in page, expected


@pytest.mark.parametrize("name", [*KINDS, "vitamin-k2"])
def test_every_page_ends_with_its_record(client: FlaskClient, reader: Reader, name: str) -> None:
    page = client.get(f"/page/{name}").text
    for fmt in GRAPH_FORMATS:
        assert f'href="/data/{name}.{fmt.name}"' in page
    for expected in (f"<code class=\"copy\">id:{name}</code>", f"/cite/{name}.bib", f"/cite/{name}.ris", "/about#errors",
                     reader.release.id, "/sparql?query=PREFIX", 'aria-label="Breadcrumbs"'):  # fmt: skip
        assert expected in page, expected


def test_the_query_behind_a_page_runs(client: FlaskClient) -> None:
    link = re.search(r'href="(/sparql\?query=[^"]+)', client.get("/page/natto").text)
    assert link
    answer = client.get(unescape(link.group(1)), headers={"Accept": "application/sparql-results+json"})
    assert answer.status_code == 200
    assert answer.get_json(force=True)["results"]["bindings"]


@pytest.mark.parametrize("name", ["menaquinone-7", "menaquinone-4", "phylloquinone", "vitamin-k2"])
def test_every_amount_of_a_form_is_that_of_the_graph(client: FlaskClient, reader: Reader, name: str) -> None:
    page = client.get(f"/page/{name}").text
    contents = vitamin_forms.foods(reader, reader.vocabulary.entity_iri(name))
    assert contents
    for one in contents:
        named = (
            ["microgramsPer100Grams"]
            if one.least == one.most
            else ["lowestMicrogramsPer100Grams", "highestMicrogramsPer100Grams"]
        )
        for name_of_end, end in zip(named, (one.least, one.most), strict=False):
            stated = reader.values(one.measurement.iri, reader.vocabulary.term(name_of_end))
            assert [str(end)] == [value.value for value in stated]
        assert f'{one.measurement.iri.rpartition("/")[2]}">{one.words}</a>' in page
        # A range is shown as one, and never as the number in its middle.
        assert (one.words == amounts.number(str(one.least))) is (one.least == one.most)


@pytest.mark.parametrize(
    ("first", "second", "disagree"),
    [
        ("increases", "decreases", True),
        ("decreasesRiskOf", "doesNotChange", True),
        ("isAssociatedWithLowerRiskOf", "isNotAssociatedWith", True),
        ("improves", "harms", True),
        ("improves", "decreases", False),
        ("contains", "decreases", False),
        ("doesNotHarm", "doesNotCause", False),
    ],
)
def test_effects_disagree_where_both_cannot_hold(
    claim_index: ClaimIndex, first: str, second: str, disagree: bool
) -> None:
    senses = claim_index.propositions.senses
    one, other = (effect_direction.effect_direction(senses, name) for name in (first, second))
    assert effect_direction.disagree(one, other) is disagree
    assert effect_direction.disagree(other, one) is disagree


def test_too_little_of_a_substance_speaks_for_it_the_other_way_round(claim_index: ClaimIndex) -> None:
    senses = claim_index.propositions.senses
    lacking = effect_direction.effect_direction(senses, "increasesRiskOf", {"deficientIntake"})
    assert lacking == effect_direction.effect_direction(senses, "decreasesRiskOf")


@pytest.mark.parametrize(
    ("claim", "others"),
    [
        ("claim-f034-1", {"claim-f077-2", "corrected-l2"}),  # stated by curators; the opposite direction in a trial
        ("claim-f031-1", {"claim-f137-1"}),
        ("claim-f088-1", set()),
    ],
)
def test_a_claim_is_shown_beside_those_that_do_not_agree(
    client: FlaskClient, claim_index: ClaimIndex, reader: Reader, claim: str, others: set[str]
) -> None:
    claim_summary = claim_index.summaries[reader.vocabulary.entity_iri(claim)]
    found = {other.claim.iri.rpartition("/")[2] for other in outcomes.opposed(claim_index, claim_summary)}
    assert found == others
    page = client.get(f"/page/{claim}").text
    assert ("Conflicting claims" in page) is bool(others)
    for other in others:
        assert f"/page/{other}" in page


def test_the_book_holds_every_claim_of_the_graph_with_its_lines(reader: Reader, claim_index: ClaimIndex) -> None:
    rows = reader.select(
        f"SELECT (COUNT(DISTINCT ?claim) AS ?count) WHERE {{ ?claim <{reader.vocabulary.term('effect')}> ?effect }}"
    )
    assert len(claim_index.summaries) == int(rows[0]["count"].value)
    claim, line = claim_index.summaries[reader.vocabulary.entity_iri("claim-f034-1")], reader.vocabulary.term("ofLine")
    assert claim.proposition
    lines = reader.select(
        f"SELECT ?study {{ ?application <{reader.vocabulary.term('toProposition')}> <{claim.proposition.proposition.iri}> ; "
        f"<{line}>/<{reader.vocabulary.term('study')}> ?study }}"
    )
    assert {bearing.study.iri for bearing in claim.bearings} == {row["study"].value for row in lines} != set()


def test_claims_are_grouped_by_outcome_with_flaws_and_disagreement_in_place(client: FlaskClient) -> None:
    page = client.get("/page/vitamin-k2?claims=HealthEffectClaim").text
    assert '<th scope="rowgroup" colspan="4"><a href="/page/bone-fracture">' in page
    assert "conflicting claims" in page
    row = page[page.index('href="/page/claim-f034-1"') :]
    row = row[: row.index("</tr>")]
    for expected in ("Flawed", "overstatement", "Instead:", "/page/corrected-l1", "disagrees:", "/page/corrected-l2",
                     "Zhang et al. 2020", "randomised controlled trial", "consistent", "/explain?s=id%3Aclaim-f034-1"):  # fmt: skip
        assert expected in row, expected


@pytest.mark.parametrize("name", ["vitamin-k2", "phylloquinone", "menaquinone-7"])
def test_a_hub_counts_each_type_of_claims_shows_some_and_links_to_pages_with_all(
    client: FlaskClient, claim_index: ClaimIndex, reader: Reader, name: str
) -> None:
    entity_iri = reader.vocabulary.entity_iri(name)
    page = client.get(f"/page/{name}").text
    every = claim_index.claims_about(entity_iri)
    for group in outcomes.by_type(claim_index, entity_iri):
        local = group.type.iri.rpartition("#")[2]
        (whole,) = outcomes.by_type(claim_index, entity_iri, group.type.iri)
        assert whole.shown == group.count == sum(claim_summary.type.iri == group.type.iri for claim_summary in every)
        link = f'href="/page/{name}?claims={local}">'
        assert (f"{link}All {group.count} " in page or f"{link}<strong>" in page) is (group.shown < group.count)
        parts = [outcomes.page_of(whole, number) for number in range(1, outcomes.pages_of(whole) + 1)]
        shown = [one.claim_summary for part in parts for outcome in part.groups for one in outcome.shown_claims]
        shown += [one for part in parts for one in part.unassessed]
        assert len(shown) == len({one.claim.iri for one in shown}) == group.count


def test_claims_without_an_assessment_are_listed_apart_unless_flawed_or_contradicted(claim_index: ClaimIndex) -> None:
    for entity_iri in {one.iri for claim in claim_index.summaries.values() for one in claim.roles.get("subject", ())}:
        for group in outcomes.by_type(claim_index, entity_iri):
            assert not [one for one in group.unassessed if one.flaws or outcomes.opposed(claim_index, one)]
            names = {one.standing.iri.rpartition("#")[2] for one in group.unassessed if one.standing}
            assert names <= {"notAssessedStanding", "tooVagueStanding"}


LARGEST, TYPICAL = 100_000, 60_000
# The most studied entities have long lists of results.
MOST_STUDIED = {"menaquinone-7", "bone-mineral-density", "warfarin", "vitamin-k"}


@pytest.mark.parametrize("name", ["vitamin-k2", "vitamin-k", "warfarin", "usda-sr28", "calcium", "claim-f001-1"])
def test_the_largest_pages_stay_small(client: FlaskClient, reader: Reader, name: str) -> None:
    first = client.get(f"/page/{name}")
    assert len(first.data) <= LARGEST
    for link in set(re.findall(rf'href="(/page/{name}\?[^"]+)', first.text)):
        assert len(client.get(unescape(link)).data) <= LARGEST, link


def test_pages_of_most_entities_are_smaller_still(client: FlaskClient, reader: Reader) -> None:
    sizes = {name: len(client.get(f"/page/{name}").data) for name in KINDS if name not in MOST_STUDIED}
    assert {name: size for name, size in sizes.items() if size > TYPICAL} == {}


def test_incoming_links_are_counted_then_paged(client: FlaskClient, reader: Reader, claim_index: ClaimIndex) -> None:
    entity_iri, predicate = reader.vocabulary.entity_iri("menaquinone-4"), reader.vocabulary.term("ofAnalyte")
    count = backlinks.counts(reader, claim_index, entity_iri)[predicate]
    shown_claims = {one.property.iri: one.count for one in backlinks.first(reader, claim_index, entity_iri)}
    assert shown_claims[predicate] == count > backlinks.PAGE
    assert (
        f'href="/page/menaquinone-4?incoming=vitk%3AofAnalyte&amp;page=1">all {count}<span'
        in client.get("/page/menaquinone-4").text
    )
    seen: list[str] = []
    for page in range(1, -(-count // backlinks.PAGE) + 1):
        part = backlinks.part(reader, claim_index, entity_iri, predicate, page)
        assert part
        seen += [one.iri for one in part.incoming.shown]
        assert client.get(f"/page/menaquinone-4?incoming=vitk:ofAnalyte&page={page}").status_code == 200
    assert len(seen) == len(set(seen)) == count


@pytest.mark.parametrize("name", ["calcium", "phylloquinone", "menaquinone-4", "vitamin-k2", "osteocalcin"])
def test_counts_agree_with_the_graph(reader: Reader, claim_index: ClaimIndex, name: str) -> None:
    entity_iri = reader.vocabulary.entity_iri(name)
    for predicate, count in backlinks.counts(reader, claim_index, entity_iri).items():
        rows = reader.select(
            f"SELECT DISTINCT ?other WHERE {{ ?other <{predicate}> <{entity_iri}> FILTER(!isBlank(?other)) }}"
        )
        claims = {claim_summary.claim.iri for claim_summary in claim_index.claims_about(entity_iri)}
        assert count == len({row["other"].value for row in rows} - claims), predicate


@pytest.mark.parametrize(
    "parameters",
    ["incoming=vitk:ofAnalyte&page=0", "incoming=vitk:ofAnalyte&page=999999", "incoming=vitk:ofAnalyte&page=-1", "incoming=x y",
     "incoming=vitk:ofAnalyte&page=x", "incoming=<script>", "incoming=vitk:nothing", "claims=Nothing", "claims=%00",
     "incoming=" + "a" * 500, "claims=<script>alert(1)</script>"],
)  # fmt: skip
@pytest.mark.parametrize("name", ["menaquinone-4", "calcium"])
def test_parts_that_are_not_there_are_a_problem(client: FlaskClient, name: str, parameters: str) -> None:
    response = client.get(f"/page/{name}?{parameters}", headers=BROWSER)
    assert response.status_code == 404
    assert "<script>alert" not in response.text


def test_measurements_of_tables_are_called_by_food_and_component(client: FlaskClient, reader: Reader) -> None:
    page = client.get("/page/calcium?incoming=vitk:ofAnalyte&page=2").text
    assert re.search(r'<li><a href="/page/measurement-[^"]+">calcium in [A-Z]', page)
    assert "measurement sr28" not in page


def test_outside_identifiers_lead_to_pages(client: FlaskClient) -> None:
    page = client.get("/page/osteocalcin").text
    for address in ("https://www.uniprot.org/uniprotkb/P02818/entry", "https://meshb.nlm.nih.gov/record/ui?ui=D015675",
                    "https://www.ncbi.nlm.nih.gov/gene/632"):  # fmt: skip
        assert f'href="{address}"' in page


def test_literals_have_values_too(reader: Reader) -> None:
    found = reader.values(reader.vocabulary.entity_iri("menaquinone-7"), reader.vocabulary.term("isoprenoidUnitCount"))
    assert [value.value for value in found] == ["7"]
    assert all(isinstance(value, Literal) for value in found)
    assert reader.values("no iri", "nor this") == []


def test_doses_of_a_form_stand_in_micrograms_with_what_was_printed(client: FlaskClient) -> None:
    assert "45,000 µg per day (45 mg per day)" in client.get("/page/menaquinone-4").text


def test_a_food_with_many_components_shows_vitamin_k_first_and_the_rest_on_demand(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.pages.entity.page_types.foods.MAX_COMPONENTS", 2)
    first, everything = (client.get(path).text for path in ("/page/sr28-11457", "/page/sr28-11457?components=all"))
    assert "482.9 µg" in first and "99 mg" in first
    assert "phosphorus" not in first and ">All 12 components</a>" in first
    assert "phosphorus" in everything and "All 12 components" not in everything
