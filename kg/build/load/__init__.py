"""Tables of measured foods: a mapping file says what the columns mean, and one streaming reader serves all tables.

``mapping`` reads what is declared, ``rows`` streams a file, ``statements`` makes triples of its rows, ``loading``
brings them into the store of a release, ``registered`` keeps the tables that users import.
"""
