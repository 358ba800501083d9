"""Where a subject is in a file, however Turtle allows a curator to write it."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, parse

from kg.build.read.turtle import ParsedSources
from kg.rdf.vocabulary import Vocabulary
from tests.support.paths import BASE

PREFIX = "@prefix id: <id/> .\n"
# Files whose second subject starts on line 4.
FILES = {
    "plain": PREFIX + "id:a a id:b .\n\nid:c a id:b .\n",
    "a version": 'VERSION "1.2"\n' + PREFIX + "id:a a id:b .\nid:c a id:b .\n",
    "a version as in Turtle": "@version '1.2' .\n" + PREFIX + "id:a a id:b .\nid:c a id:b .\n",
    "a base and a prefix as in SPARQL": "bAsE <http://a/>\nPREFIX id: <x/>\nid:a a id:b .\nid:c a id:b .\n",
    "a prefix declared again": PREFIX + "id:c a id:b .\n@prefix id: <http://a/> .\nid:c a id:b .\n",
    "escapes in an IRI": PREFIX + "id:a a id:b .\n\n<id/\\u0063\\U000000E9> a id:b .\n",
    "escapes in a name": PREFIX + "id:a a id:b .\n\nid:c\\,\\-d a id:b .\n",
    "a combining accent": PREFIX + "id:a a id:b .\n\nid:cafe\u0301\u203fd a id:b .\n",
    "CR": (PREFIX + "id:a a id:b .\n\nid:c a id:b .\n").replace("\n", "\r"),
    "full stops and numbers": PREFIX + "id:a a id:b ; id:n 1.5e5 , 1.\n\nid:c.d a id:b ; id:n true.\n",
    "brackets": PREFIX + "id:a id:n ( 1 ( [ id:m () ] ) ) .\n\nid:c id:n [ id:m [ ] ] .\n",
}  # fmt: skip


@pytest.mark.parametrize("case", FILES)
def test_a_subject_is_found_on_its_line(case: str) -> None:
    path, text, sources = Path("mine.ttl"), FILES[case], ParsedSources(Vocabulary(BASE))
    triples = list(parse(text, format=RdfFormat.TURTLE, base_iri=BASE))
    sources.add(path, text, triples, "entities")
    subjects = {str(triple.subject)[1:-1] for triple in triples if not str(triple.subject).startswith("_:")}
    assert len(subjects) == 2
    assert sorted(sources.places) == sorted(subjects)
    assert max(sources.locate(subject) for subject in subjects) == (path, 4)
