"""Shared by all routes: the ``state`` of the application, ``urls``, ``assets``, ``static_files`` and ``metrics``."""
