"""Serves under the path of the public address, whether the proxy in front leaves that path out or passes it on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from server.http.wsgi_types import Application, StartResponse


class PathPrefixMiddleware:
    """A WSGI application whose links begin with a path.

    Args:
        application: what answers.
        path: with a slash at its start and none at its end, such as ``/vitamin/k``.
    """

    def __init__(self, application: Application, path: str) -> None:
        self._application, self._path = application, path

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        path_info = environ["PATH_INFO"]
        if path_info == self._path or path_info.startswith(f"{self._path}/"):
            environ["PATH_INFO"] = path_info[len(self._path) :] or "/"
        environ["SCRIPT_NAME"] = self._path
        return self._application(environ, start_response)
