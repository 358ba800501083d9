"""What every part of the server knows of request bodies; ``server.gateway`` receives them."""

from __future__ import annotations

import io
from typing import Any

MAX_BYTES = 4 << 20
# Key in the WSGI environment: the body of the request, as bytes.
REQUEST_BODY = "vitk.request_body"
METHODS_WITHOUT_BODY = ("GET", "HEAD", "OPTIONS")


def attach(environ: dict[str, Any], content: bytes, length: int) -> None:
    """Puts a complete body into a WSGI environment.

    Args:
        environ: of the request.
        content: the body; empty if it exceeds ``MAX_BYTES``.
        length: of the body in bytes, by which the application rejects one that is too large.
    """
    environ.pop("HTTP_TRANSFER_ENCODING", None)
    environ |= {"wsgi.input": io.BytesIO(content), "CONTENT_LENGTH": str(length), REQUEST_BODY: content}
