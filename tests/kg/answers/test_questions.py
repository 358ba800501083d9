"""Questions of the public lead to the right card or page first.

The questions were written down before the search that answers them; a row changes only if it is plainly wrong, or if
the graph has gained a proposition that answers it to the letter.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from kg.answers.answers import Answers
from kg.propositions.index import PropositionIndex
from kg.reader.reader import Reader
from tests.support.paths import DATA


def read(path: Path) -> list[tuple[str, list[str]]]:
    rows = csv.DictReader(path.read_text("utf-8").splitlines(), delimiter="\t")
    return [(row["question"], row["answers"].split()) for row in rows]


@pytest.fixture(scope="module")
def answers(reader: Reader) -> Answers:
    return Answers(reader, PropositionIndex(reader))


def first(reader: Reader, answers: Answers, question: str) -> str:
    """What somebody sees first: the card, or else the first result."""
    if card := answers.answer(question):
        return card.key
    hits = reader.search.find(question, limit=1)
    return f"page:{hits[0].iri.rpartition('/')[2]}" if hits else ""


@pytest.mark.parametrize(
    ("name", "count", "least"),
    [("lay_questions.tsv", 60, 58), ("food_questions.tsv", 30, 30), ("further_lay_questions.tsv", 20, 18)],
)
def test_questions_of_the_public_are_answered_first(
    reader: Reader, answers: Answers, name: str, count: int, least: int
) -> None:
    questions = read(DATA / name)
    assert len({question for question, _ in questions}) == count
    missed = {
        question: found for question, wanted in questions if (found := first(reader, answers, question)) not in wanted
    }
    assert count - len(missed) >= least, missed


def test_every_expected_answer_is_about_something_in_the_graph(reader: Reader) -> None:
    for name in ("lay_questions.tsv", "food_questions.tsv", "further_lay_questions.tsv"):
        for _, wanted in read(DATA / name):
            for answer in wanted:
                for local in answer.partition(":")[2].split(","):
                    assert reader.exists(reader.vocabulary.entity_iri(local)), answer


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        # One thing in common is no answer: what is asked for is the page about it.
        ("symptoms of vitamin k deficiency", "page:vitamin-k-deficiency"),
        # What is known of one drug says nothing of another.
        ("can orlistat cause vitamin k deficiency", "interaction:orlistat"),
        # Who names two forms asks about both.
        ("does the body turn K1 into K2", "assessment:proposition-body-makes-mk4-from-k1"),
        # Babies are newborns too.
        ("can vitamin K give babies cancer", "assessment:proposition-k-at-birth-causes-cancer"),
        ("is mk7 absorbed better than mk4", "compare:menaquinone-7,menaquinone-4"),
    ],
)
def test_a_question_is_answered_by_what_it_is_about(
    reader: Reader, answers: Answers, question: str, wanted: str
) -> None:
    assert first(reader, answers, question) == wanted
