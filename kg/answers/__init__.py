"""Answers to questions in everyday words, where the graph has one: an amount, an intake, an interaction, an assessment.

``question`` finds what a text asks about, the modules of the cards read the graph, and ``answers`` chooses the card.
An answer never says more than its sources: it names them, and what is unknown is said to be unknown.
"""
