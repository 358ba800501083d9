"""Serves under the path of the public URL, whether or not the reverse proxy strips that path."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from server.http.wsgi_types import Application, StartResponse


class PathPrefixMiddleware:
    """Middleware that sets SCRIPT_NAME to a fixed path, so that all links begin with it.

    Args:
        application: answers the requests.
        path: starts with a slash and does not end with one, such as ``/vitamin/k``.
    """

    def __init__(self, application: Application, path: str) -> None:
        self._application, self._path = application, path

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Strips the path, if the proxy passed it on, and calls the application."""
        path_info = environ["PATH_INFO"]
        if path_info == self._path or path_info.startswith(f"{self._path}/"):
            environ["PATH_INFO"] = path_info[len(self._path) :] or "/"
        environ["SCRIPT_NAME"] = self._path
        return self._application(environ, start_response)
