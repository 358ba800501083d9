"""Amounts of vitamin K in foods: ``composition`` of one food, ``rankings`` of foods by a form, ``vitamin_forms`` in
numbers, and ``measurements``, the single values."""
