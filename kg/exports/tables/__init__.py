"""Tables of a release for statistics: ``tables`` reads them, ``csvw`` and ``parquet`` write them."""
