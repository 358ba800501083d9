"""The cards in which answers are shown."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from kg.foods.composition import ComponentAmount
from kg.foods.cooking import CookingPair
from kg.propositions.index import PropositionSummary
from kg.reader.entity import Reference


@dataclass(frozen=True)
class Card:
    """An answer. ``type`` says which one it is, ``about`` are the entities that it answers for."""

    about: tuple[Reference, ...]

    type = ""

    @property
    def key(self) -> str:
        """What is answered, such as ``amount:kale``."""
        return f"{self.type}:{','.join(reference.iri.rpartition('/')[2] for reference in self.about)}"


@dataclass(frozen=True)
class FormAmounts:
    """The amounts of one form in a food, in µg per 100 g.

    Attributes:
        form: the form, or a sum of forms.
        independent: the range of the independent amounts, or "" if there are none.
        amounts: the amounts with their sources, those that count first.
        others: how many further amounts there are.
    """

    form: Reference
    independent: str
    amounts: tuple[ComponentAmount, ...]
    others: int


@dataclass(frozen=True)
class Serving:
    """An amount in a household measure of a food: printed so by a source, or computed from its amount per 100 g."""

    food: Reference
    form: Reference
    words: str
    source: Reference | None


@dataclass(frozen=True)
class FoodAmounts:
    """What is known of one food: its forms, and what is in a household measure of it."""

    food: Reference
    forms: tuple[FormAmounts, ...]
    servings: tuple[Serving, ...]


@dataclass(frozen=True)
class AmountCard(Card):
    """How much vitamin K is in a food.

    ``foods`` has the food itself or, if nothing is known of it, foods of its kind; ``servings`` are of these or of
    kinds of them. ``unknown`` is the form that was asked for, if no source gives an independent amount of it or of its
    forms.
    """

    servings: tuple[Serving, ...]
    foods: tuple[FoodAmounts, ...]
    unknown: Reference | None

    type = "amount"


@dataclass(frozen=True)
class RankedFood:
    """A food with the amount by which it is ranked, in µg per 100 g."""

    food: Reference
    form: Reference
    micrograms: str
    measurement: Reference
    source: Reference


@dataclass(frozen=True)
class RankingCard(Card):
    """The foods of a group with most or least of a form; ``without`` is a group that is left out."""

    form: Reference
    without: Reference | None
    is_highest: bool
    foods: tuple[RankedFood, ...]
    measured: int

    type = "ranking"


@dataclass(frozen=True)
class Intake:
    """A reference intake: what an authority sets for some people, per day.

    ``year`` is that in which it was set, "" if unknown; ``is_superseded`` if a later value has replaced it.
    ``per_day`` has the lower and the upper end in µg; ``None`` where the amount is per kg of body mass.
    """

    intake: Reference
    authority: Reference
    population: Reference
    nutrient: Reference
    kind: str
    amount: str
    source: Reference
    year: str
    is_superseded: bool
    per_day: tuple[Decimal, Decimal] | None


@dataclass(frozen=True)
class IntakeCard(Card):
    """How much vitamin K authorities set for some people.

    ``without_intake`` is the form that the question is about, if no authority sets an intake of it;
    ``proposition`` says what is claimed instead.
    """

    intakes: tuple[Intake, ...]
    without_intake: Reference | None
    proposition: PropositionSummary | None

    type = "intake"


@dataclass(frozen=True)
class Assessed:
    """A proposition with the number of studies that decide it."""

    summary: PropositionSummary
    studies: int


@dataclass(frozen=True)
class InteractionCard(Card):
    """How a drug meets vitamin K.

    Attributes:
        description: what the drug is.
        is_antagonist: whether it is a vitamin K antagonist.
        advice: what people who take it are advised, as far as the evidence supports it.
        assessed: the propositions on the interaction, the most certain first.
        foods: the foods that the question names.
    """

    description: str
    is_antagonist: bool
    advice: tuple[Assessed, ...]
    assessed: tuple[Assessed, ...]
    foods: tuple[Reference, ...]

    type = "interaction"

    @property
    def has_evidence(self) -> bool:
        """Whether evidence was found and assessed for some of it."""
        return any(one.studies for one in (*self.advice, *self.assessed))


@dataclass(frozen=True)
class AssessmentCard(Card):
    """What the evidence says on a proposition; ``related`` are the next best ones."""

    found: Assessed
    related: tuple[Assessed, ...]

    type = "assessment"


@dataclass(frozen=True)
class CompareCard(Card):
    """Two entities side by side, each with its description."""

    descriptions: tuple[str, str]

    type = "compare"


@dataclass(frozen=True)
class CookingCard(Card):
    """What tables say of foods raw and cooked.

    ``more``, ``equal`` and ``less`` count the pairs in which 100 g of the cooked food contain more, as much, or less;
    ``pairs`` are the first of them.
    """

    pairs: tuple[CookingPair, ...]
    more: int
    equal: int
    less: int

    type = "cooking"
