"""Stage *load*: imports food composition tables; a mapping file declares what the columns of a table mean.

``mapping`` reads mapping files, ``mapping_schema`` validates them, ``csv_rows`` streams a file, ``row_triples``
converts its rows to triples with ``literals``, ``loader`` loads these with ``store_writer`` into the store of a
release. ``imported_tables`` manages the tables that users import.
"""
