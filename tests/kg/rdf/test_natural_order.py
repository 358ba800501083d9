"""Labels are sorted as people count."""

from __future__ import annotations

import random

import pytest

from kg.rdf.natural_order import natural_key


@pytest.mark.parametrize(
    "labels",
    [
        ["menaquinone-4", "menaquinone-5", "menaquinone-7", "menaquinone-10", "menaquinone-13"],
        ["Brie", "butter", "Edam 30 %", "Edam 45 %", "eel"],
        ["K1", "K2", "K10", "kale"],
        ["", "1", "2 a", "2 b", "10", "a"],
        ["children of 1 to 3 years", "children of 4 to 6 years", "children of 11 to 14 years"],
        ["7" * 300, "7" * 5000],
    ],
)
def test_numbers_in_labels_count_as_numbers(labels: list[str]) -> None:
    mixed = random.Random(1).sample(labels, len(labels))
    assert sorted(mixed, key=natural_key) == labels
