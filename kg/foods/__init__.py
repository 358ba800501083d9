"""What foods contain: ``composition`` of one food, ``rankings`` of foods by a form, ``vitamin_forms`` compares
forms, ``measurements`` are single measured values."""
