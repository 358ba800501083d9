"""Shared by all routes.

The ``state`` of the application, ``urls``, ``conditional`` requests (ETag of the release, 304), ``assets``,
``static_files`` and ``metrics``.
"""
