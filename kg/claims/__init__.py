"""Claims: what sources say, how it compares with what is known, and why.

``claim_index`` has every claim with its proposition and standing, ``evidence`` the flaws of a claim and the lines and
results of a study, ``study_results`` reads effect sizes, ``outcomes`` groups claims by outcome, ``effect_direction``
compares the direction of effects. ``narrative`` explains assessments and standings in words, ``explain`` derives
inferred statements, ``backlinks`` lists what refers to an entity, ``paths`` connects two entities.
"""
