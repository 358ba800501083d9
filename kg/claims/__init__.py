"""Claims and the evidence for and against them.

``claim_index`` has every claim with its verdict, ``evidence`` the studies of one claim, ``evidence_summary`` counts
studies by design, ``study_results`` reads effect sizes, ``outcomes`` groups claims by outcome, ``effect_direction``
compares the direction of effects. ``explain`` derives inferred statements, ``backlinks`` lists what refers to an
entity, ``paths`` connects two entities.
"""
