"""Cards say what the graph says, with its source, and nothing else."""

from __future__ import annotations

from typing import TypeVar

import pytest

from kg.answers.answers import Answers
from kg.answers.cards import (
    AmountCard,
    AssessmentCard,
    Card,
    CompareCard,
    CookingCard,
    IntakeCard,
    InteractionCard,
    RankingCard,
)
from kg.propositions.index import PropositionIndex
from kg.reader.reader import Reader

# The NHS sets one amount for all adults.
BY_WEIGHT = "1 µg per day per kg of body mass"
AnyCard = TypeVar("AnyCard", bound=Card)


@pytest.fixture(scope="module")
def propositions(reader: Reader) -> PropositionIndex:
    return PropositionIndex(reader)


@pytest.fixture(scope="module")
def answers(reader: Reader, propositions: PropositionIndex) -> Answers:
    return Answers(reader, propositions)


def ask(answers: Answers, text: str, kind: type[AnyCard]) -> AnyCard:
    card = answers.answer(text)
    assert isinstance(card, kind), (text, card and card.key)
    return card


@pytest.mark.parametrize(
    "text", ["", "  ", "zzzz", "the of and", "\x00", "osteocalcin", "how", '"', "🙂", "K2", "x" * 9000]
)
def test_what_is_no_question_has_no_card(answers: Answers, text: str) -> None:
    assert answers.answer(text) is None


def test_an_amount_that_is_only_borrowed_is_no_measurement(answers: Answers) -> None:
    card = ask(answers, "how much k2 in gouda", AmountCard)
    assert card.unknown
    assert card.unknown.iri.endswith("/vitamin-k2")
    (of_k2,) = [form for form in card.foods[0].forms if form.form == card.unknown]
    assert of_k2.independent == ""
    assert not any(amount.is_independent for amount in of_k2.amounts)


def test_a_household_measure_that_is_on_intake_for_comes_with_its_source(answers: Answers) -> None:
    card = ask(answers, "vitamin K in a cup of kale", AmountCard)
    assert [(serving.words, serving.food.label) for serving in card.servings] == [("113 µg per 1 cup", "raw kale")]
    assert card.servings[0].source


def test_no_serving_is_computed_from_a_superseded_amount(answers: Answers) -> None:
    for serving in ask(answers, "raw kale", AmountCard).servings:
        assert "704" not in serving.words
        assert serving.source
        assert serving.source.label != "USDA SR28"


def test_a_food_without_amounts_is_answered_by_its_kinds(answers: Answers) -> None:
    card = ask(answers, "vitamin k in milk", AmountCard)
    assert "milk" not in [food.food.label for food in card.foods]
    assert {"full-fat milk", "non-fat milk"} <= {food.food.label for food in card.foods}


def test_ranked_foods_fall_and_have_their_sources(answers: Answers) -> None:
    card = ask(answers, "which cheese has the most k2", RankingCard)
    ends = [float(food.micrograms.partition("–")[0].replace(",", "")) for food in card.foods]
    assert ends == sorted(ends, reverse=True)
    assert all(end > 0 for end in ends)
    assert all(food.source.label for food in card.foods)
    low = ask(answers, "vegetables low in vitamin k", RankingCard)
    assert not low.is_highest


def test_no_food_of_animal_origin_is_called_vegan(answers: Answers) -> None:
    foods = [food.food.label for food in ask(answers, "vegan sources of k2", RankingCard).foods]
    assert foods[0] == "natto"
    assert not any(word in food for food in foods for word in ("cheese", "egg", "liver", "butter", "milk", "chicken"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("how much vitamin k does a woman need", {"70 µg per day", "90 µg per day", "60–65 µg per day", BY_WEIGHT}),
        ("how much vitamin k when pregnant", {"70 µg per day", "90 µg per day", "60 µg per day", BY_WEIGHT}),
        ("daily vitamin k for men", {"70 µg per day", "120 µg per day", "70–80 µg per day", BY_WEIGHT}),
    ],
)
def test_intakes_are_those_of_all_authorities_and_of_nobody_else(
    answers: Answers, text: str, expected: set[str]
) -> None:
    card = ask(answers, text, IntakeCard)
    assert {intake.amount for intake in card.intakes} == expected
    assert len({intake.authority for intake in card.intakes}) == 4
    assert not any(intake.is_superseded for intake in card.intakes)
    assert not any("breastfeeding" in intake.population.label for intake in card.intakes)


def test_that_no_authority_sets_an_intake_of_k2_is_said(answers: Answers) -> None:
    card = ask(answers, "how much k2 should I take", IntakeCard)
    assert card.without_intake
    assert card.without_intake.iri.endswith("/vitamin-k2")
    assert card.proposition
    assert card.proposition.type.iri.endswith("#IntakeProposition")


def test_what_holds_for_vitamin_k_antagonists_is_not_said_of_other_anticoagulants(answers: Answers) -> None:
    warfarin = ask(answers, "is k2 safe with warfarin", InteractionCard)
    assert warfarin.is_antagonist
    assert any("keep their vitamin K intake constant" in one.summary.proposition.label for one in warfarin.advice)
    assert any("given to people on warfarin" in one.summary.proposition.label for one in warfarin.advice)
    for name in ("eliquis and vitamin k", "xarelto k2"):
        card = ask(answers, name, InteractionCard)
        assert not card.is_antagonist
        said = [one.summary.proposition.label for one in (*card.advice, *card.assessed)]
        assert not any("antagonist" in text or "who take anticoagulants" in text for text in said)


@pytest.mark.parametrize(
    ("text", "local"),
    [
        ("does k2 lower fractures", "proposition-k2-lowers-fracture"),
        ("does vitamin k1 raise bone mineral density", "proposition-k1-raises-bmd"),
        ("is vitamin k2 toxic", "proposition-no-toxic-level-of-k2-known"),
        ("does MK-7 slow calcification", "proposition-mk7-lowers-arterial-calcification"),
    ],
)
def test_the_assessment_is_that_of_the_very_form_and_outcome(
    answers: Answers, propositions: PropositionIndex, text: str, local: str
) -> None:
    card = ask(answers, text, AssessmentCard)
    assert card.found.summary.proposition.iri.endswith("/" + local)
    assert card.found.summary == propositions.get(card.found.summary.proposition.iri)


def test_a_question_on_taking_it_is_not_answered_by_a_lack_of_it(answers: Answers) -> None:
    card = answers.answer("does vitamin k cause bleeding")
    assert card is None or "lack" not in card.about[0].label


def test_two_forms_or_foods_are_compared(answers: Answers) -> None:
    assert ask(answers, "mk-4 vs mk-7", CompareCard).key == "compare:menaquinone-4,menaquinone-7"
    assert ask(answers, "kale or spinach", CompareCard).key == "compare:kale,spinach"


def test_raw_and_cooked_are_compared_within_one_table_and_by_measurements_alone(answers: Answers) -> None:
    card = ask(answers, "does cooking destroy vitamin k", CookingCard)
    assert card.more + card.equal + card.less >= len(card.pairs) > 4
    for pair in card.pairs:
        table = pair.raw.food.iri.rpartition("-")[0]
        assert pair.cooked.food.iri.startswith(table)
        assert (pair.difference > 0) == pair.change.startswith("+")


def test_cooking_a_food_is_answered_by_its_own_pairs(answers: Answers) -> None:
    card = ask(answers, "does boiling spinach destroy vitamin K", CookingCard)
    assert card.key == "cooking:spinach"
    assert all("pinach" in pair.pair.label for pair in card.pairs)


def test_only_advice_that_the_evidence_supports_is_given_and_steady_intake_comes_first(answers: Answers) -> None:
    for text in ("warfarin and vitamin k", "blood thinners and k2"):
        advice = ask(answers, text, InteractionCard).advice
        assert {one.summary.side for one in advice} == {"for"}
        assert "keep their vitamin K intake constant" in advice[0].summary.proposition.label


@pytest.mark.parametrize("drug", ["phenprocoumon", "acenocoumarol", "fluindione"])
def test_what_is_said_to_people_on_warfarin_is_not_on_the_card_of_another_drug(answers: Answers, drug: str) -> None:
    card = ask(answers, f"is k2 safe with {drug}", InteractionCard)
    said = [one.summary.proposition.label for one in (*card.advice, *card.assessed)]
    assert any("keep their vitamin K intake constant" in label for label in said)
    assert not [label for label in said if "warfarin" in label.replace("such as warfarin", "")]
