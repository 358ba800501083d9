"""What a text asks about: the entities that it names, and the words that say what is wanted of them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from kg.index import question_words
from kg.index.search import MAX_CHARACTERS, Mention, Search

CUES: Mapping[str, frozenset[str]] = {
    name: frozenset(words.split())
    for name, words in {
        "amount": "amount content contain contains containing in per cup tablespoon ounce slice serving",
        "intake": "need needs needed require requires required requirement requirements recommend recommended "
        "recommendation intake daily day rda dose dosage should take adequate reference",
        "high": "most highest high best rich richest source sources top more lot lots good",
        "low": "low lowest least poor free without",
        "compare": "difference differences different differ versus vs better compare compared comparison or than",
        "cooking": "cook cooking cooked boil boiling boiled heat heating steam steaming microwave freezing frozen raw",
        "change": "destroy destroys lose loses loss lost reduce reduces remove removes kill affect affects survive "
        "change",
        "lack": "lack lacking deficiency deficient low without shortage inadequate",
        "good": "good help helps benefit benefits beneficial support supports improve improves boost strengthen "
        "strengthens keep protect protects healthy health",
        "less": "lower lowers reduce reduces prevent prevents slow slows stop stops remove removes reverse reverses "
        "decrease decreases cut clear fight fights against ease eases",
        "more": "raise raises increase increases cause causes build builds give thicken",
        "treat": "treat treats treatment cure cures therapy remedy help helps",
        "conversion": "convert converts converted conversion turn turns turned become becomes change changes changed "
        "into",
        "association": "linked link associated association people eat diet intake risk",
        "danger": "safe safety danger dangerous toxic toxicity overdose too bad harm harmful hard",
        "meet": "interact interacts interaction interfere interferes affect affects avoid safe take",
    }.items()
}


@dataclass(frozen=True)
class Kinds:
    """IRIs of the classes that decide what an answer is about."""

    foods: Collection[str]
    food_groups: Collection[str]
    drugs: Collection[str]
    populations: Collection[str]
    forms: Collection[str]
    combinations: Collection[str]


@dataclass(frozen=True)
class Question:
    """A question: its folded words and the entities that it names, in their order.

    ``inner_forms`` are vitamin K and its forms whose names are a part of the name of something else: who asks about a
    deficiency of vitamin K asks about vitamin K.
    """

    words: tuple[str, ...]
    mentions: tuple[Mention, ...]
    kinds: Kinds
    inner_forms: frozenset[str] = frozenset()

    @classmethod
    def read(cls, text: str, search: Search, kinds: Kinds) -> Question:
        """Reads a text; misspelt words are read as what they may mean."""
        words = search.corrected(question_words.words_of(question_words.fold(text[:MAX_CHARACTERS])))
        # Who asks how much to take names people, though breastfeeding and the like are something by themselves too.
        people = () if CUES["intake"].isdisjoint(words) and "much" not in words else kinds.populations
        mentions = search.mentions(words, people)
        if any(one.type in {*kinds.foods, *kinds.food_groups} for one in mentions):
            # A food that is low in a vitamin is no deficiency of it.
            mentions = [part for one in mentions for part in _without(CUES["lack"], one, words, search)]
        if people:
            # Who asks for the requirement of a vitamin asks how much of it is needed.
            mentions = [part for one in mentions for part in _without(CUES["intake"], one, words, search)]
        inner = (
            part.iri
            for one in mentions
            if one.end - one.start > 2 and one.iri not in kinds.forms
            for start, end in ((one.start, one.end - 1), (one.start + 1, one.end))
            for part in search.mentions(words[start:end])
        )
        return cls(tuple(words), tuple(mentions), kinds, frozenset(inner) & set(kinds.forms))

    def has(self, cue: str) -> bool:
        """Returns whether a word of a cue occurs outside the names."""
        return not CUES[cue].isdisjoint(self.free_words)

    def of(self, kinds: Collection[str]) -> list[Mention]:
        """Returns the named entities of some classes."""
        return [mention for mention in self.mentions if mention.type in kinds]

    @cached_property
    def foods(self) -> list[Mention]:
        """The foods that it names."""
        return self.of(self.kinds.foods)

    @cached_property
    def forms(self) -> list[Mention]:
        """Vitamin K and its forms that it names."""
        return [one for one in self.mentions if one.iri in self.kinds.forms]

    @cached_property
    def outcomes(self) -> list[Mention]:
        """Whatever else it names, such as conditions, measures and parts of the body."""
        others = {*self.kinds.foods, *self.kinds.food_groups, *self.kinds.drugs, *self.kinds.populations}
        others |= set(self.kinds.combinations)
        return [one for one in self.mentions if one.type not in others and one.iri not in self.kinds.forms]

    @cached_property
    def free_words(self) -> frozenset[str]:
        """The words that belong to no name."""
        named = {place for mention in self.mentions for place in range(mention.start, mention.end)}
        return frozenset(word for place, word in enumerate(self.words) if place not in named)

    @cached_property
    def other_words(self) -> frozenset[str]:
        """The words that belong to no name and to no cue, and are no stop words."""
        return self.free_words.difference(question_words.STOP_WORDS, *CUES.values())

    @property
    def is_sentence(self) -> bool:
        """Whether there are words beside the names."""
        return bool(self.free_words)


def _without(cue: frozenset[str], mention: Mention, words: list[str], search: Search) -> list[Mention]:
    """Returns what is named after a word of a cue in a mention that begins so, or else the mention."""
    if words[mention.start] not in cue or mention.end == mention.start + 1:
        return [mention]
    start = mention.start + 1
    inner = search.mentions(words[start : mention.end])
    return [replace(one, start=one.start + start, end=one.end + start) for one in inner]
