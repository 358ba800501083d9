"""What counts as an IRI, and that the one licence is what the files state."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.rdf.iri import is_iri
from kg.rdf.vocabulary import DATA_LICENCE
from tests.support.paths import CURATED, ROOT


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://w3id.org/vitk/id/natto", True), ("urn:x", True), ("natto", False), ("", False),
        ("https://example.org/a b", False), ("https://example.org/<", False), ('https://example.org/"', False),
    ],
)  # fmt: skip
def test_only_absolute_iris_without_forbidden_characters_are_iris(text: str, expected: bool) -> None:
    assert is_iri(text) is expected


@pytest.mark.parametrize(
    "path", [ROOT / "ontology" / "vitk.ttl", CURATED / "LICENSE.md", CURATED / "mappings.sssom.tsv"]
)
def test_the_licence_is_that_of_the_files(path: Path) -> None:
    assert DATA_LICENCE in path.read_text("utf-8")
