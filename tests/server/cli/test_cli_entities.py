"""``vitk describe`` and ``vitk explain``: entities by name on the command line."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import parse

from kg.claims.claim_index import ClaimIndex
from kg.entities import summary
from kg.rdf.formats import BY_NAME
from kg.reader.reader import Reader
from kg.release.release import Release
from tests.support.commands import vitk_here


@pytest.fixture(scope="module")
def vitk(data_dir: Path, release: Release) -> Any:
    return partial(vitk_here, data_dir=data_dir)


@pytest.mark.parametrize("name", ["natto", "id:natto", "https://w3id.org/vitk/id/natto"])
def test_an_entity_is_described_by_any_of_its_names(vitk: Any, name: str) -> None:
    done = vitk("describe", name)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[0] == "id: id:natto"
    assert "1,000 µg (850 µg per 85 g)" in done.stdout


def test_json_is_what_agents_get(vitk: Any, reader: Reader) -> None:
    done = vitk("describe", "osteocalcin", "--format", "json")
    expected = summary.summarise(reader, ClaimIndex(reader), reader.vocabulary.entity_iri("osteocalcin"))
    assert json.loads(done.stdout) == expected


@pytest.mark.parametrize("fmt", ["ttl", "jsonld", "nt", "nq", "trig", "rdf"])
def test_an_entity_is_written_as_rdf(vitk: Any, fmt: str) -> None:
    done = vitk("describe", "osteocalcin", "--format", fmt)
    assert (done.returncode, done.stderr) == (0, "")
    subjects = {quad.subject.value for quad in parse(done.stdout.encode(), format=BY_NAME[fmt].rdf)}
    assert "https://w3id.org/vitk/id/osteocalcin" in subjects


def test_a_flawed_claim_is_described_with_its_flaws(vitk: Any, reader: Reader) -> None:
    flawed = next(iri for iri, claim in ClaimIndex(reader).summaries.items() if claim.flaws)
    done = vitk("describe", flawed)
    assert "\nflaws:\n  - " in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("describe", "osteocalcine x"), ["there is no entity 'osteocalcine x'", "id:osteocalcin"]),
        (("describe", "id:nattoo"), ["there is no entity 'id:nattoo'", "id:natto"]),
        (("explain", "id:claim-f999"), ["there is no entity 'id:claim-f999'"]),
        (("explain", "osteocalcine", "needs", "vitamin K"), ["there is no entity 'osteocalcine'", "id:osteocalcin"]),
        (("explain", "warfarin"), ["id:warfarin is not a proposition or a claim"]),
    ],
)
def test_an_unknown_name_is_one_sentence_with_the_nearest(
    vitk: Any, arguments: tuple[str, ...], words: list[str]
) -> None:
    done = vitk(*arguments)
    assert (done.returncode, done.stdout) == (1, "")
    for word in words:
        assert word in done.stderr


def test_a_statement_is_explained_by_names(vitk: Any) -> None:
    by_name = vitk("explain", "osteocalcin", "needs", "vitamin K")
    by_curie = vitk("explain", "id:osteocalcin", "vitk:needs", "id:vitamin-k")
    assert (by_name.returncode, by_name.stdout) == (0, by_curie.stdout)
    assert "by rule" in by_name.stdout


@pytest.mark.parametrize("fmt", ["table", "csv", "json"])
def test_a_query_without_a_row_says_that_nothing_is_recorded(vitk: Any, fmt: str) -> None:
    done = vitk("query", "--name", "foods-that-may-counteract-a-drug", "drug=orlistat", "--format", fmt)
    assert done.returncode == 0
    assert done.stderr.startswith("Nothing recorded")
    assert "Nothing recorded" not in done.stdout
