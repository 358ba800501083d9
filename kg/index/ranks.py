"""Ranks of entities in the search index: of two that match equally well, the one with the lower rank comes first."""

from __future__ import annotations

# Topics first, then table foods, then studies, doses and propositions, then claims and flaws, then records, which say
# how something is known.
TOPIC, TABLED, STUDIED, STATED, RECORDED = range(5)
