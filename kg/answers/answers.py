"""Chooses the card that answers a question, if the graph has the answer."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from kg.answers import food_cards, intakes
from kg.answers.cards import AmountCard, Card, CompareCard, CookingCard, InteractionCard
from kg.answers.proposition_cards import PropositionFinder
from kg.answers.question import CUES, Kinds, Question
from kg.answers.rankings import GroupRankings
from kg.foods import cooking
from kg.index.search import Mention
from kg.propositions.index import PropositionIndex
from kg.rdf.vocabulary import DCTERMS_DESCRIPTION
from kg.reader.entity import Reference
from kg.reader.reader import Reader

# Cards on foods read many amounts; the foods that people ask about are few.
_CACHED_CARDS = 256
# Classes whose entities have these roles in a question, by local name.
_CLASSES = {
    "foods": ("Food",),
    "food_groups": ("FoodGroup",),
    "drugs": ("Drug", "DrugGroup"),
    "populations": ("Population",),
    "combinations": ("VitaminCombination",),
}
# The foods of the graph are listed under animal products, but not under plant food: what is left is plant food.
_WITHOUT = {"plant-food": "animal-product"}
# So many words may a question on a food contain that are neither names nor ask for something.
_MAX_OTHER_WORDS = 1


class Answers:
    """Answers questions about one release.

    Args:
        reader: the release.
        propositions: its propositions.
    """

    def __init__(self, reader: Reader, propositions: PropositionIndex) -> None:
        self._reader = reader
        self.intakes = intakes.all_intakes(reader)
        self._above = intakes.groups_above(reader)
        self._finder = PropositionFinder(reader, propositions, self._above)
        term = reader.vocabulary.term
        classes = {
            name: frozenset(iri for one in locals_ for iri in reader.types_below(term(one)))
            for name, locals_ in _CLASSES.items()
        }
        groups = reader.types_below(term("FoodGroup"))
        self._kinds = Kinds(**{**classes, "foods": classes["foods"] - groups}, forms=reader.forms_of_vitamin_k)
        self._amounts = lru_cache(_CACHED_CARDS)(self._amount_card)
        self._rankings = GroupRankings(reader)
        self._cooking = lru_cache(_CACHED_CARDS)(self._cooking_card)

    def answer(self, text: str) -> Card | None:
        """Returns the card that answers a text, or ``None``."""
        question = Question.read(text, self._reader.search, self._kinds)
        if not question.mentions and not question.has("cooking"):
            return None
        return (
            self._on_drug(question)
            or self._comparison(question)
            or self._on_cooking(question)
            or self._on_intake(question)
            or self._on_ranking(question)
            or self._on_food(question)
            or (self._finder.assessment_card(question) if question.is_sentence or len(question.mentions) > 1 else None)
        )

    def on_drug(self, drug: Reference, foods: Sequence[Reference] = ()) -> InteractionCard | None:
        """Returns how a drug meets vitamin K, or ``None``, see ``PropositionFinder.interaction_card``."""
        return self._finder.interaction_card(drug, self._description(drug.iri), foods)

    def _on_drug(self, question: Question) -> Card | None:
        drugs = question.of(question.kinds.drugs)
        if not drugs or (question.outcomes and not (question.foods or question.forms or question.inner_forms)):
            return None
        foods = [_reference(one) for one in (*question.foods, *question.of(question.kinds.food_groups))]
        return self.on_drug(_reference(drugs[0]), foods)

    def _comparison(self, question: Question) -> Card | None:
        pairs = (question.forms, question.foods)
        for pair in pairs:
            distinct = list({one.iri: one for one in pair}.values())
            if len(distinct) == 2 and (question.has("compare") or not question.is_sentence):
                one, other = (_reference(mention) for mention in distinct)
                return CompareCard((one, other), (self._description(one.iri), self._description(other.iri)))
        return None

    def _on_cooking(self, question: Question) -> Card | None:
        if not (question.has("cooking") and question.has("change")):
            return None
        return (self._cooking(_reference(question.foods[0])) if question.foods else None) or self._cooking(None)

    def _on_intake(self, question: Question) -> Card | None:
        groups = question.of(question.kinds.populations)
        is_on_intake = not CUES["intake"].isdisjoint(question.words) or ("much" in question.words and bool(groups))
        # Need, dose and the like are entities too, and here no more than the words that ask.
        others = [one for one in question.outcomes if set(question.words[one.start : one.end]) - CUES["intake"]]
        if not is_on_intake or question.foods or others or len(question.forms) != 1:
            return None
        if question.has("danger") and not {"should", "need"} & question.free_words:
            return None
        form = _reference(question.forms[0])
        if form.iri == self._iri("vitamin-k") or form.iri in {one.nutrient.iri for one in self.intakes}:
            without_intake, proposition = None, None
        else:
            without_intake, found = form, self._finder.assessment_card(question, ("IntakeProposition",))
            if form.iri != self._iri("vitamin-k2"):
                return found
            proposition = found.found.summary if found else None
        people = _reference(groups[0]) if groups else self._refer("adults")
        return intakes.intake_card(self.intakes, self._above, people, without_intake, proposition)

    def _on_ranking(self, question: Question) -> Card | None:
        groups = question.of(question.kinds.food_groups)
        others = [one for one in question.outcomes if one.iri != self._iri("diet")]
        if not groups or question.foods or others or not (question.has("high") or question.has("low")):
            return None
        named = [one for one in groups if one.iri != self._iri("food")]
        group = _reference((named or groups)[0])
        form = _reference(question.forms[0]) if question.forms else self._refer("vitamin-k")
        without = _WITHOUT.get(group.iri.rpartition("/")[2])
        return self._rankings.card(
            group,
            form,
            food_cards.forms_within(self._reader, form),
            is_highest=question.has("high") or not question.has("low"),
            without=self._refer(without) if without else None,
        )

    def _on_food(self, question: Question) -> Card | None:
        # The name of a table food, with its many words, is no question about the food of which it is a kind.
        if not question.foods or len(question.other_words) > _MAX_OTHER_WORDS:
            return None
        if question.outcomes and (card := self._finder.assessment_card(question)):
            return card
        form = _reference(question.forms[0]) if question.forms else None
        # Of two names the longer one is the more exact.
        food = max(question.foods, key=lambda one: one.end - one.start)
        return self._amounts(_reference(food), form, tuple(sorted(set(question.words) & set(food_cards.MEASURES))))

    def _amount_card(self, food: Reference, form: Reference | None, measures: tuple[str, ...]) -> AmountCard | None:
        return food_cards.amount_card(self._reader, food, form, measures)

    def _cooking_card(self, food: Reference | None) -> CookingCard | None:
        about = food or self._refer("phylloquinone")
        pairs = cooking.of_food(self._reader, food.iri) if food else cooking.of_all(self._reader)
        return food_cards.cooking_card(about, pairs)

    def _description(self, iri: str) -> str:
        return " ".join(sorted(term.value for term in self._reader.values(iri, DCTERMS_DESCRIPTION)))

    def _iri(self, local: str) -> str:
        return self._reader.vocabulary.entity_iri(local)

    def _refer(self, local: str) -> Reference:
        return self._reader.references([], extra=[self._iri(local)])[self._iri(local)]


def _reference(mention: Mention) -> Reference:
    return Reference(mention.iri, mention.label)
