"""Words of a search text: what counts, and how else it may be written."""

from __future__ import annotations

import pytest

from kg.index.question_words import content_words, plain, singular, spans, stems, words_of
from kg.index.spelling import edits, is_slip


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("can vitamin k2 help with alzheimer's", ["vitamin", "k2", "help", "alzheimers"]),
        ("how much vitamin k is in kale", ["vitamin", "k", "kale"]),
        ("what is it", ["what", "is", "it"]),
        ("not without warfarin", ["not", "without", "warfarin"]),
        ("", []),
    ],
)
def test_stop_words_are_dropped_unless_there_is_nothing_else(text: str, words: list[str]) -> None:
    assert content_words(words_of(text)) == words


@pytest.mark.parametrize(
    ("word", "one"),
    [
        ("bones", "bone"), ("arteries", "artery"), ("cheeses", "cheese"), ("teeth", "tooth"), ("tomatoes", "tomato"),
        ("radishes", "radish"), ("osteoporosis", "osteoporosis"), ("brussels", "brussel"), ("gas", "gas"),
        ("glass", "glass"), ("k2", "k2"), ("women", "woman"),
    ],
)  # fmt: skip
def test_plurals_are_read_as_singulars(word: str, one: str) -> None:
    assert singular(word) == one


def test_a_name_is_found_with_and_without_its_small_words() -> None:
    keys = {key: (start, end) for start, end, key in spans(["does", "calcification", "of", "the", "arteries", "hurt"])}
    assert keys["calcificationofthearteries"] == (1, 5)
    assert keys["calcificationartery"] == (1, 5)
    assert plain(["arteries"]) == "artery"
    assert "does" not in keys


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("statins", "tatin"), ("statins", "tatintart"), ("nope", "spaghettios"), ("nope", "nopal"),
        ("thicken", "chicken"), ("unicorn", "junior"), ("cat", "car"),
    ],
)  # fmt: skip
def test_what_only_looks_similar_is_no_slip(typed: str, meant: str) -> None:
    assert not is_slip(typed, meant)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("brocolli", "broccoli"), ("osteperosis", "osteoporosis"), ("wafarin", "warfarin"), ("alzhiemer", "alzheimer"),
        ("sourkraut", "sauerkraut"), ("antto", "natto"), ("philloquinone", "phylloquinone"),
    ],
)  # fmt: skip
def test_slips_of_the_keyboard_are_recognised(typed: str, meant: str) -> None:
    assert is_slip(typed, meant)


@pytest.mark.parametrize(
    ("typed", "meant", "count"), [("natto", "natto", 0), ("nato", "natto", 1), ("antto", "natto", 1), ("abc", "", 3)]
)
def test_edits_count_swapped_neighbours_once(typed: str, meant: str, count: int) -> None:
    assert edits(typed, meant) == count


def test_inflected_words_have_one_stem() -> None:
    assert stems("fractures of arterial walls") == stems("fractured artery wall")
