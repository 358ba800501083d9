"""Stage *load*: imports food composition tables; a mapping file declares what the columns of a table mean.

``mapping`` reads mapping files, with ``mapping_schema``, ``templates`` and ``code_lists``. ``csv_rows`` streams a file,
``row_triples`` converts its rows to triples with ``entity_compiler`` and ``literals``, ``row_checks`` and ``subjects``
reject those that cannot be true, ``loader`` loads the others with ``store_writer`` into the store of a release.
``imported_tables`` manages the tables that users import; ``data_lock`` lets one process write at a time.
"""
