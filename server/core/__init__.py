"""What every route needs: ``state`` of the application, ``urls``, ``conditional`` requests (ETag of the release, 304),
``assets`` and ``static_files``, ``metrics``."""
