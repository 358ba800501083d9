"""Shared by all routes.

The ``state`` of the application, ``urls``, ``conditional`` requests (ETag of the release, 304), ``assets``,
``static_files``, ``metrics``, and ``site_pages``, to which header and footer link.
"""
