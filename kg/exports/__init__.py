"""Propositions with their assessments in vocabularies of others: GA4GH VA-Spec, Biolink, nanopublications.

``source`` reads what all of them say, ``va_spec``, ``biolink`` and ``nanopub`` each write one proposition, and
``documents`` puts them together: one document, or a file of all. ``publications`` writes the citation of a study.
"""
