"""Serves the release that the pointer names, and changes to a new one without a failed request."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from typing import Any

from kg.release import Release, Releases
from server.kept_answer import StartResponse
from server.serving import Serving

_LOOK_EVERY = 1.0


class Switching:
    """A WSGI application that hands each request to the release of the moment.

    Args:
        releases: of which the current one is served.
        open: makes a release ready; called in a thread of its own for each new one.
        patience: seconds after which queries on the release before are no longer waited for.
    """

    def __init__(
        self, releases: Releases, serving: Serving, open: Callable[[Release], Serving], patience: float
    ) -> None:
        self._releases, self._open, self._patience = releases, open, patience
        self._serving = serving
        self._under_way: dict[str, int] = {serving.release.id: 0}
        self._changed = threading.Condition()
        threading.Thread(target=self._watch, name="vitk releases", daemon=True).start()

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        with self._changed:
            serving = self._serving
            self._under_way[serving.release.id] += 1
        try:
            return serving.kept(environ, start_response)
        finally:
            with self._changed:
                self._under_way[serving.release.id] -= 1
                self._changed.notify_all()

    def _watch(self) -> None:
        while True:
            time.sleep(_LOOK_EVERY)
            newest = self._releases.current()
            if newest is not None and newest.id != self._serving.release.id:
                self._switch(newest)

    def _switch(self, newest: Release) -> None:
        opened = self._open(newest)
        before = self._serving
        with self._changed:
            self._under_way.setdefault(newest.id, 0)
            self._serving = opened
            self._changed.wait_for(lambda: self._under_way[before.release.id] == 0, self._patience)
        before.engine.close()
