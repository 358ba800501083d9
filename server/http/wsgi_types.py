"""What the layers around the application share."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

StartResponse = Callable[..., Any]
Application = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]
# In the environment of a request: when it arrived, on the clock of ``time.monotonic``.
REQUEST_START = "vitk.request_start"


def close(content: Iterable[bytes]) -> None:
    """Ends what an application answered with."""
    ending = getattr(content, "close", None)
    if ending is not None:
        ending()
