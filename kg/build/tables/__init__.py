"""Stage *load*, second half: what follows from food tables alone, made once and reused by later builds.

``context`` is what rows depend on in curated files, ``rows`` loads one table, ``table_graphs`` puts all tables into a
store with their part of the side index and their dumps, ``references`` finds the rows that curated files refer to.
"""
