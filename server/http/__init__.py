"""HTTP, independent of the domain.

``headers``, content ``negotiation``, ``conditional`` requests (ETag, 304), content ``encoding``, ``problems``
(RFC 9457) and ``wsgi_types``.
"""
