"""CURIEs and IRIs."""

from __future__ import annotations

import pytest

from kg.rdf.vocabulary import Vocabulary

VOCABULARY = Vocabulary("https://example.org/")


@pytest.mark.parametrize(
    ("curie", "iri"),
    [
        ("id:natto", "https://example.org/id/natto"),
        ("vitk:Food", "https://example.org/ontology#Food"),
        ("id:a:b", "https://example.org/id/a:b"),
        *(
            (text, text)
            for text in ("natto", "", "id", ":", ":natto", "https://a.example/b", "xx:natto", "MK-7: what?")
        ),
    ],
)
def test_what_has_no_known_prefix_stays_as_it_is(curie: str, iri: str) -> None:
    assert VOCABULARY.expand(curie) == iri
