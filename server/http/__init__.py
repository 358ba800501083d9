"""HTTP without the domain: ``headers``, content ``negotiation``, content ``encoding``, ``problems`` (RFC 9457),
``wsgi_types``."""
