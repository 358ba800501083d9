"""Trusted queries in the serving process: the ``engine``, and the ``loader`` that reads a release into memory."""
