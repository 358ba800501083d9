"""WSGI types and keys that the middleware shares."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

StartResponse = Callable[..., Any]
Application = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]
# Keys in the WSGI environment: when the request arrived, in seconds of ``time.monotonic``, and the ``Cancellation``
# that says when its client has left.
REQUEST_START = "vitk.request_start"
CANCELLATION = "vitk.cancellation"


def close(content: Iterable[bytes]) -> None:
    """Closes the response body of an application, if it can be closed (PEP 3333)."""
    close_body = getattr(content, "close", None)
    if close_body is not None:
        close_body()
