"""Computes the vitamin K in a diet, with known and unknown amounts kept apart.

``input`` parses foods and amounts strictly, ``sources`` reads what each source reports on these foods, ``totals`` adds
the amounts up and compares them with reference intakes and between days.
"""

from __future__ import annotations

from kg.diet.input import Day, Item, RawDay, RawItem, candidates, days_of
from kg.diet.totals import Diet, evaluate

__all__ = ["Day", "Diet", "Item", "RawDay", "RawItem", "candidates", "days_of", "evaluate"]
