"""The key of the response cache: requests with equal keys get the same response."""

from __future__ import annotations

import hashlib
import io
from typing import Any

from server.http.problems import EARLY_ERROR

# A digest, so that what a client sends takes no memory.
Key = bytes
_DIGEST_SIZE = 32
_MAX_BODY = 64 << 10


def key_of(environ: dict[str, Any]) -> Key | None:
    """Returns a digest of method, URL, Accept, Accept-Profile and body; ``None`` if the response is never cached."""
    method, body = environ["REQUEST_METHOD"], b""
    if EARLY_ERROR in environ or "HTTP_CONTENT_ENCODING" in environ:
        return None
    get = environ.get
    if method in ("POST", "QUERY"):
        length = get("CONTENT_LENGTH") or ""
        if not length.isdecimal() or int(length) > _MAX_BODY:
            return None
        body = environ["wsgi.input"].read(int(length))
        environ["wsgi.input"] = io.BytesIO(body)
        method = f"{method} {get('CONTENT_TYPE', '')}"
    elif method == "HEAD":
        method = "GET"
    elif method != "GET":
        return None
    # Responses contain links that depend on scheme, host and path prefix of the request.
    place = f"{environ['wsgi.url_scheme']}\0{get('HTTP_HOST', '')}\0{get('SCRIPT_NAME', '')}"
    # Paths and bodies may contain zero bytes.
    path = environ["PATH_INFO"]
    place = f"{place}\0{len(path)}\0{path}"
    wanted = f"{get('HTTP_ACCEPT', '*absent*')}\0{get('HTTP_ACCEPT_PROFILE', '')}"
    parts = f"{method}\0{place}\0{get('QUERY_STRING', '')}\0{wanted}"
    return hashlib.blake2b(parts.encode("utf-8") + b"\0" + body, digest_size=_DIGEST_SIZE).digest()
