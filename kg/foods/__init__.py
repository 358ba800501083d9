"""Amounts of vitamin K in foods.

``composition`` describes one food, ``rankings`` rank foods by a form, ``vitamin_forms`` has the numbers of a form, and
``measurements`` the details of a single value.
"""
