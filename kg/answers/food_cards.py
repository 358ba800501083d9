"""Cards on foods: how much is in one, and what cooking does."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal

from kg.answers.cards import AmountCard, CookingCard, FoodAmounts, FormAmounts, Serving
from kg.foods import composition, cooking, vitamin_forms
from kg.foods.composition import ComponentAmount
from kg.foods.cooking import CookingPair
from kg.rdf.natural_order import natural_key
from kg.reader.entity import Reference
from kg.reader.reader import Reader

_SHOWN_AMOUNTS, _SHOWN_FORMS, _SHOWN_FOODS, _SHOWN_SERVINGS, _PAIRS = 3, 3, 4, 4, 8
# Words for a household measure, in questions and in tables.
MEASURES = ("cup", "tablespoon", "tbsp", "teaspoon", "slice", "oz", "ounce", "egg", "fruit", "large", "medium")
_SAME_MEASURE = {"tablespoon": "tbsp", "ounce": "oz"}


def amount_card(reader: Reader, food: Reference, form: Reference | None, words: Collection[str]) -> AmountCard | None:
    """Returns the vitamin K in a food, or ``None`` if nothing is known.

    Args:
        reader: the release.
        food: the food.
        form: the form that is asked for; ``None`` for all.
        words: words of the question, which may name a household measure.
    """
    measures = {_SAME_MEASURE.get(word, word) for word in words} & set(MEASURES)
    foods = [_food_amounts(reader, food, form, measures)]
    servings = foods[0].servings
    if not foods[0].forms or (measures and not servings):
        rows = reader.run("pages/foods-below", {"food": food.iri})
        kinds = sorted(reader.references(rows, "food").values(), key=lambda kind: natural_key(kind.label))
        below = [found for kind in kinds if (found := _food_amounts(reader, kind, form, measures)).forms]
        servings = tuple(serving for one in below for serving in one.servings)
        foods = foods if foods[0].forms else below[:_SHOWN_FOODS]
    if not foods:
        return None
    wanted = forms_within(reader, form) if form else frozenset()
    has_wanted = any(one.independent and one.form.iri in wanted for found in foods for one in found.forms)
    return AmountCard(
        about=(food,),
        servings=servings[:_SHOWN_SERVINGS],
        foods=tuple(foods),
        unknown=None if form is None or has_wanted else form,
    )


def forms_within(reader: Reader, form: Reference) -> frozenset[str]:
    """Returns the IRIs of a form and its subforms, and of sums of forms if it is vitamin K itself."""
    if form.iri == reader.vocabulary.entity_iri("vitamin-k"):
        return reader.quantities_of_vitamin_k
    rows = reader.run("forms-of-a-vitamin", {"vitamin": form.iri})
    return frozenset({form.iri, *(row["form"].value for row in rows)})


def _food_amounts(reader: Reader, food: Reference, form: Reference | None, measures: Collection[str]) -> FoodAmounts:
    beside = composition.side_by_side(reader, food.iri)
    by_form: dict[Reference, list[ComponentAmount]] = {}
    for amount in beside:
        by_form.setdefault(amount.component, []).append(amount)
    wanted = forms_within(reader, form) if form else reader.quantities_of_vitamin_k
    found = [_form_amounts(component, amounts) for component, amounts in by_form.items()]
    # What was asked for first, then what has independent amounts that are not zero.
    found.sort(key=lambda one: (one.form.iri not in wanted, one.independent in ("", "0"), natural_key(one.form.label)))
    return FoodAmounts(food, tuple(found[:_SHOWN_FORMS]), _servings(reader, food, beside, wanted, measures))


def _form_amounts(form: Reference, amounts: list[ComponentAmount]) -> FormAmounts:
    ordered = sorted(amounts, key=lambda one: (not one.is_independent, one.match is not None))
    # A table may have several foods with the same borrowed amount.
    distinct = list({(one.words, one.source, one.is_independent): one for one in reversed(ordered)}.values())[::-1]
    counted = [one for one in amounts if one.is_independent and one.micrograms is not None]
    independent = ""
    if counted:
        ends = [end for one in counted for end in (one.micrograms, one.up_to) if end is not None]
        independent = vitamin_forms.range_words(min(ends), max(ends))
    shown = tuple(distinct[:_SHOWN_AMOUNTS])
    return FormAmounts(form, independent, shown, len(amounts) - len(shown))


def _servings(
    reader: Reader,
    food: Reference,
    beside: list[ComponentAmount],
    wanted: Collection[str],
    measures: Collection[str],
) -> tuple[Serving, ...]:
    """Returns the independent amounts in the household measure that is asked for, or else in the most usual one."""
    counted = [one for one in beside if one.is_independent and one.component.iri in wanted]
    printed = [one for one in counted if any(measure in one.words.casefold() for measure in measures)]
    if printed:
        return tuple(Serving(food, one.component, one.words, one.source) for one in printed)
    portions = composition.portions_beside(reader, food.iri, counted) if counted else []
    for measure in measures or MEASURES:
        for portion, _ in portions:
            if portion.micrograms and measure in portion.words.casefold():
                return tuple(
                    Serving(food, form, f"{micrograms} µg in {portion.words} ({portion.grams} g)", source)
                    for form, micrograms, source in portion.micrograms
                )
    return ()


def cooking_card(about: Reference, pairs: list[CookingPair]) -> CookingCard | None:
    """Returns foods raw and cooked, side by side within one table; ``None`` without a pair.

    Args:
        about: the food, or the form that is compared in all foods.
        pairs: the pairs; those with most vitamin K in the raw food are shown.
    """
    if not pairs:
        return None
    more, equal, less = cooking.changes(pairs)
    shown = sorted(pairs, key=lambda one: -Decimal(one.raw.micrograms.replace(",", "")))[:_PAIRS]
    return CookingCard((about,), tuple(shown), more, equal, less)
