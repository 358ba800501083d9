"""Pages and queries are found by their words."""

from __future__ import annotations

import pytest

from kg.index.documents import Document, DocumentIndex

INDEX = DocumentIndex(
    [
        Document("diet", "Vitamin K diet calculator", "Adds up what you eat.", "meal daily"),
        Document("intakes", "How much vitamin K do I need?", "Reference intakes of authorities.", "recommended dose"),
        Document("foods", "Foods ranked by vitamin K", "Foods with most of a form.", "list"),
    ]
)


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("diet calculator", ["diet"]), ("recommended intake", ["intakes"]), ("reference intakes", ["intakes"]),
        ("food list", ["foods"]), ("osteoporosis", []), ("", []), ("vitamin K in natto", []), ("calculators", ["diet"]),
    ],
)  # fmt: skip
def test_a_document_is_found_by_most_of_the_words_and_not_by_common_ones(text: str, keys: list[str]) -> None:
    assert [document.key for document in INDEX.find(text, 2)] == keys
