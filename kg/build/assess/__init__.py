"""The assessment of propositions: from curated facts to one direction and one certainty for each.

- ``reading/`` has what is known of propositions, claims, studies and the ladder (``facts``, ``terms``, ``hierarchy``),
  reads it and the contents of foods from the graph (``read_facts``), and says which risk of bias a study has by the
  assessments of it that are cited (``bias``).
- ``applications`` finds the lines that apply to each proposition, also to broader ones and to causes.
- ``direction`` and ``directness`` say which way a line points and how far it is from the proposition.
- ``deciding`` keeps what decides and sets the rest aside; ``grading`` turns it into direction and certainty.
- ``composition`` decides by rows of food composition tables; ``standing`` compares claims with the result.
- ``sensitivity`` says what would change an assessment; ``assess`` runs the steps; ``triples`` writes what they found.

The steps run once, after all other rules: they count and negate, so a fixpoint would not be one. They are plain
functions of plain values, not SPARQL, so that each branch has a test and each step can be recorded for ``explain``.
"""
