"""HTTP, independent of the domain.

``headers``, content ``negotiation``, content ``encoding``, ``problems`` (RFC 9457) and ``wsgi_types``.
"""
