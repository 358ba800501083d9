"""Amounts of vitamin K in foods.

``composition`` describes one food, ``servings`` what is in the portions that people eat, ``cooking`` compares a food
raw and cooked; ``rankings`` rank foods by a form, ``vitamin_forms`` has the numbers of a form, and ``measurements`` the
details of a single value.
"""
