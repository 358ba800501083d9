"""What a diet holds of vitamin K, with known and unknown kept apart.

``asked.py`` reads foods and amounts strictly, ``sources.py`` asks what each source says of these foods, ``sums.py``
adds up, compares with reference intakes and tells days apart.
"""

from __future__ import annotations

from kg.diet.input import Day, Item, RawDay, RawItem, candidates, days_of
from kg.diet.totals import Diet, evaluate

__all__ = ["Day", "Diet", "Item", "RawDay", "RawItem", "candidates", "days_of", "evaluate"]
