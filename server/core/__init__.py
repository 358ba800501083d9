"""What every route needs: ``state`` of the application, ``urls``, ``assets``, ``static_files`` and ``metrics``."""
