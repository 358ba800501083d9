"""The catalogue of queries in ``kg/queries``: ``catalogue`` loads it, ``query_header`` parses the header of a file."""
