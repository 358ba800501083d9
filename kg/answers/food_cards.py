"""Cards on foods: how much is in one, which have most, and what cooking does."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

from kg.answers.cards import (
    AmountCard,
    CookingCard,
    CookingPair,
    FoodAmounts,
    FormAmounts,
    RankedFood,
    RankingCard,
)
from kg.foods import composition, vitamin_forms
from kg.foods.composition import ComponentAmount, Portion
from kg.rdf.natural_order import natural_key
from kg.reader.entity import Reference
from kg.reader.reader import Reader

_SHOWN_AMOUNTS, _SHOWN_FOODS, _RANKED, _PAIRS = 3, 4, 8, 8
# Words for a household measure, in questions and in tables.
MEASURES = ("cup", "tablespoon", "tbsp", "teaspoon", "slice", "oz", "ounce", "egg", "fruit", "large", "medium")
_SAME_MEASURE = {"tablespoon": "tbsp", "ounce": "oz"}
_COOKED = re.compile(r"\b(boiled|cooked|steamed)\b", re.IGNORECASE)
_RAW = re.compile(r"\braw\b", re.IGNORECASE)


def amount_card(
    reader: Reader, food: Reference, form: Reference | None, words: Iterable[str]
) -> AmountCard | None:
    """Returns the vitamin K in a food, or ``None`` if nothing is known.

    Args:
        reader: the release.
        food: the food.
        form: the form that is asked for; ``None`` for all.
        words: words of the question, which may name a household measure.
    """
    foods = [_food_amounts(reader, food, form, words)]
    if not foods[0].forms:
        rows = reader.run("pages/foods-below", {"food": food.iri})
        kinds = sorted(reader.references(rows, "food").values(), key=lambda kind: natural_key(kind.label))
        foods = [found for kind in kinds if (found := _food_amounts(reader, kind, form, words)).forms][:_SHOWN_FOODS]
    if not foods:
        return None
    wanted = forms_within(reader, form) if form else frozenset()
    has_wanted = any(one.independent and one.form.iri in wanted for found in foods for one in found.forms)
    return AmountCard((food,), tuple(foods), None if form is None or has_wanted else form)


def forms_within(reader: Reader, form: Reference) -> frozenset[str]:
    """Returns the IRIs of a form and its subforms, and of sums of forms if it is vitamin K itself."""
    if form.iri == reader.vocabulary.entity_iri("vitamin-k"):
        return reader.quantities_of_vitamin_k
    rows = reader.run("forms-of-a-vitamin", {"vitamin": form.iri})
    return frozenset({form.iri, *(row["form"].value for row in rows)})


def _food_amounts(reader: Reader, food: Reference, form: Reference | None, words: Iterable[str]) -> FoodAmounts:
    beside = composition.side_by_side(reader, food.iri)
    by_form: dict[Reference, list[ComponentAmount]] = {}
    for amount in beside:
        by_form.setdefault(amount.component, []).append(amount)
    wanted = forms_within(reader, form) if form else reader.quantities_of_vitamin_k
    found = [_form_amounts(component, amounts) for component, amounts in by_form.items()]
    # What was asked for first, then what has independent amounts that are not zero.
    found.sort(
        key=lambda one: (one.form.iri not in wanted, one.independent in ("", "0"), natural_key(one.form.label))
    )
    return FoodAmounts(food, tuple(found), _portion(composition.portions_beside(reader, food.iri, beside), words))


def _form_amounts(form: Reference, amounts: list[ComponentAmount]) -> FormAmounts:
    ordered = sorted(amounts, key=lambda one: (not one.is_independent, one.match is not None))
    counted = [one for one in amounts if one.is_independent and one.micrograms is not None]
    independent = ""
    if counted:
        ends = [end for one in counted for end in (one.micrograms, one.up_to) if end is not None]
        independent = vitamin_forms.range_words(min(ends), max(ends))
    return FormAmounts(form, independent, tuple(ordered[:_SHOWN_AMOUNTS]), max(0, len(ordered) - _SHOWN_AMOUNTS))


def _portion(portions: list[tuple[Portion, Reference]], words: Iterable[str]) -> tuple[Portion, Reference] | None:
    """Returns the household measure that the question names, or else the most usual one."""
    asked = [_SAME_MEASURE.get(word, word) for word in MEASURES if word in set(words)]
    for measure in (*asked, *MEASURES):
        for portion, table_food in portions:
            if portion.micrograms and measure in portion.words.casefold():
                return portion, table_food
    return next((one for one in portions if one[0].micrograms), None)


def ranking_card(
    reader: Reader, group: Reference, form: Reference, *, is_highest: bool, has_members: bool, without: Reference | None
) -> RankingCard | None:
    """Returns the foods of a group with most or least of a form, each with its highest amount of one form.

    Args:
        reader: the release.
        group: the food group.
        form: the form; its subforms count too, but are not added up.
        is_highest: whether the foods with most come first.
        has_members: whether the group narrows the foods; otherwise all foods are ranked.
        without: a group of which no food is listed.
    """
    values = {"form": form.iri, "group": group.iri if has_members else None, "without": without and without.iri}
    rows = reader.run("pages/foods-of-a-group", values)
    refer = reader.references(rows, "food", "form", "source", "measurement")
    best: dict[str, tuple[Decimal, RankedFood]] = {}
    for row in rows:
        low = Decimal(row["low"].value)
        high = Decimal(row["high"].value) if "high" in row else low
        known = best.get(row["food"].value)
        if known is None or low > known[0]:
            ranked = RankedFood(
                food=refer[row["food"].value],
                form=refer[row["form"].value],
                micrograms=vitamin_forms.range_words(low, high),
                measurement=refer[row["measurement"].value],
                source=refer[row["source"].value],
            )
            best[row["food"].value] = (low, ranked)
    ordered = sorted(best.values(), key=lambda pair: (-pair[0] if is_highest else pair[0], pair[1].food.label))
    foods = tuple(ranked for _, ranked in ordered[:_RANKED])
    return RankingCard((group,), form, without, is_highest, foods, len(ordered)) if foods else None


def cooking_card(reader: Reader, about: Reference, foods: Iterable[Reference]) -> CookingCard | None:
    """Returns foods raw and cooked, side by side within one table; ``None`` if no table has both.

    Only amounts that count as independent measurements are compared.
    """
    pairs = [pair for food in foods for pair in _pairs(reader, food)]
    return CookingCard((about,), tuple(pairs[:_PAIRS])) if pairs else None


def _pairs(reader: Reader, food: Reference) -> list[CookingPair]:
    by_table: dict[tuple[str, str], dict[bool, ComponentAmount]] = {}
    phylloquinone = reader.vocabulary.entity_iri("phylloquinone")
    for amount in composition.side_by_side(reader, food.iri):
        if amount.food is None or amount.source is None or not amount.is_independent or amount.micrograms is None:
            continue
        if amount.component.iri != phylloquinone:
            continue
        is_cooked = _COOKED.search(amount.food.label) is not None
        if is_cooked or _RAW.search(amount.food.label):
            by_table.setdefault((amount.source.iri, amount.component.iri), {}).setdefault(is_cooked, amount)
    return [
        CookingPair(food, found[False].component, found[False], found[True])
        for found in by_table.values()
        if len(found) == 2
    ]
