"""The read model of an entity: one selection for page, API, agents and Markdown, read only where it is used."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from kg.claims.claim_index import ClaimIndex
from kg.entities import view
from kg.entities.view import EntityView
from kg.reader.reader import Reader
from kg.release.release import Release
from server.core.state import state_of
from server.mcp.tools import Tools
from tests.support.counting import QueryCounter


@pytest.fixture(scope="module")
def claim_index(reader: Reader) -> ClaimIndex:
    return ClaimIndex(reader)


def load(reader: Reader, claim_index: ClaimIndex, name: str) -> EntityView:
    found = view.load(reader, claim_index, reader.vocabulary.entity_iri(name))
    assert found is not None
    return found


def test_what_the_graph_does_not_know_has_no_view(reader: Reader, claim_index: ClaimIndex) -> None:
    assert view.load(reader, claim_index, reader.vocabulary.entity_iri("nothing-of-the-kind")) is None
    assert view.load(reader, claim_index, "no IRI at all") is None


def test_a_view_reads_its_parts_once_and_only_when_they_are_used(small_release: Release) -> None:
    counter = QueryCounter()
    reader = Reader(small_release, counter)
    claim_index = ClaimIndex(reader)
    reader.warm()
    claim_index.warm()
    before = counter.count
    natto = load(reader, claim_index, "natto")
    assert counter.count - before <= 2
    read = counter.count
    assert natto.claims
    assert natto.as_claim is None
    assert natto.is_food
    assert natto.table is None
    assert natto.claim_groups()
    assert counter.count == read
    assert natto.vitamin_k
    assert counter.count > read
    read = counter.count
    assert natto.vitamin_k
    assert counter.count == read


def test_a_food_has_the_amounts_of_all_sources_and_a_food_of_a_table_those_of_its_table(
    reader: Reader, claim_index: ClaimIndex
) -> None:
    natto, spinach = load(reader, claim_index, "natto"), load(reader, claim_index, "sr28-11457")
    assert len({amount.source for amount in natto.vitamin_k}) > 1
    assert spinach.table is not None
    assert {amount.source for amount in spinach.vitamin_k} == {None}
    forms = reader.quantities_of_vitamin_k
    given = {amount.component.iri for amount in spinach.vitamin_k}
    assert given
    assert given <= forms
    assert given.isdisjoint(form.iri for form in spinach.unknown_forms)
    assert not load(reader, claim_index, "osteocalcin").is_food


@pytest.mark.system
@pytest.mark.parametrize("name", ["menaquinone-7", "osteocalcin", "natto", "claim-f034-1", "section-anticoagulants"])
def test_api_agents_and_markdown_say_the_same_of_an_entity(client: FlaskClient, reader: Reader, name: str) -> None:
    state = state_of(client.application)
    found = load(reader, state.claim_index, name)
    claims = [one.claim.label for one in found.claims]
    by_api = client.get(f"/api/v1/entities/{name}").json
    assert by_api is not None
    document = by_api["results"][0]
    by_agent = Tools(state.settings, reader, state.engine).describe(name)
    markdown = client.get(f"/data/{name}.md").text
    assert [one["claim"]["label"] for one in document["claims"]] == claims
    assert [one["statement"] for one in by_agent.get("claims", [])] == claims[:40]
    assert by_agent.get("claimsInAll", 0) == len(claims)
    assert all(f"[{claim}](" in markdown for claim in claims)
    corrected = [one.is_corrected for one in found.claims]
    assert [one["isCorrected"] for one in document["claims"]] == corrected
    assert {one["property"]["label"]: one["count"] for one in document["incoming"]} == by_agent.get("namedBy", {})
