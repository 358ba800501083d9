"""Turtle of an entity begins with the entity, has each subject in one block and declares what it uses."""

from __future__ import annotations

import re

import pytest
from pyoxigraph import parse

from kg.rdf.formats import NTRIPLES, TRIG, TURTLE, Format
from kg.reader.reader import Reader


@pytest.mark.parametrize("name", ["natto", "claim-f034-1", "usda-sr28"])
def test_an_entity_is_one_block_at_the_top_with_the_prefixes_that_occur(small_reader: Reader, name: str) -> None:
    text = small_reader.data(small_reader.vocabulary.entity_iri(name), TURTLE).decode()
    prefixes = re.findall(r"^@prefix (\S*): ", text, re.MULTILINE)
    body = re.sub(r"^@prefix .*\n", "", text, flags=re.MULTILINE)
    subjects = re.findall(r"^(\S+) ", body, re.MULTILINE)
    assert subjects[0] == f"id:{name}"
    assert len(subjects) == len(set(subjects)) > 1
    assert [prefix for prefix in prefixes if f"{prefix}:" not in body] == []


@pytest.mark.parametrize("fmt", [TURTLE, TRIG], ids=["ttl", "trig"])
def test_the_order_changes_no_triple(small_reader: Reader, fmt: Format) -> None:
    iri = small_reader.vocabulary.entity_iri("natto")
    grouped, plain = small_reader.data(iri, fmt), small_reader.data(iri, NTRIPLES)
    assert set(parse(grouped, fmt.rdf)) == set(parse(plain, NTRIPLES.rdf)) != set()
