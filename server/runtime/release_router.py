"""Routes requests to releases.

Serves the current release, switches to a new one without a failed request, and serves an older one that a request pins
by ``release=``.
"""

from __future__ import annotations

import gc
import re
import threading
import time
from collections import Counter
from collections.abc import Iterable
from typing import Any, Protocol

from kg.release import Release, Releases
from server.http.wsgi_types import StartResponse
from server.runtime.release_app import ReleaseApp

_POLL_INTERVAL = 1.0
_PIN = re.compile(r"(?:^|&)release=([0-9a-f]{6,64})(?:&|$)")


def freeze_gc() -> None:
    """Excludes the objects of the current release from garbage collection, after collecting those of earlier ones.

    A collection of all objects would stop requests for tens of milliseconds.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()


class ReleaseOpener(Protocol):
    """A function that opens a release and returns when it is ready to serve."""

    def __call__(self, release: Release, *, is_current: bool) -> ReleaseApp:
        """Opens a release.

        Args:
            release: the release.
            is_current: whether it becomes the current release; otherwise a request pinned it.
        """


class ReleaseRouter:
    """A WSGI application that passes each request to its release.

    Args:
        releases: all releases; a background thread checks every second which one is current.
        serving: serves the current release.
        opener: opens another release.
        drain_timeout: seconds to wait for running requests before a release is closed.
    """

    def __init__(self, releases: Releases, serving: ReleaseApp, opener: ReleaseOpener, drain_timeout: float) -> None:
        self._releases, self._open, self._drain_timeout = releases, opener, drain_timeout
        freeze_gc()
        self._serving = serving
        self._pinned: ReleaseApp | None = None
        self._pinning = threading.Lock()
        self._under_way: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)
        threading.Thread(target=self._poll_current_release, name="vitk releases", daemon=True).start()

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answers a request from the release that it pins, or from the current one."""
        query_string = environ.get("QUERY_STRING", "")
        # The substring test is fast even on long queries, on which the pattern is slow.
        pin = _PIN.search(query_string) if "release=" in query_string else None
        # If the pinned release is not available, the application of the current one explains why.
        older = self._pinned_release(pin.group(1)) if pin and pin.group(1) != self._serving.release.id else None
        with self._lock:
            serving = older or self._serving
            self._under_way[serving.release.id] += 1
        try:
            return serving.cache(environ, start_response)
        finally:
            with self._lock:
                self._under_way[serving.release.id] -= 1
                if not self._under_way[serving.release.id]:
                    self._changed.notify_all()

    def _pinned_release(self, release_id: str) -> ReleaseApp | None:
        pinned = self._pinned
        if pinned is not None and pinned.release.id == release_id:
            return pinned
        release = self._releases.get(release_id)
        # Only one release is opened at a time; other requests do not wait for it.
        if release is None or not release.is_readable or not self._pinning.acquire(blocking=False):
            return None
        try:
            opened, self._pinned = self._open(release, is_current=False), None
            if pinned is not None:
                threading.Thread(target=self._retire, args=(pinned,), daemon=True).start()
            self._pinned = opened
        finally:
            self._pinning.release()
        return opened

    def _poll_current_release(self) -> None:
        while True:
            time.sleep(_POLL_INTERVAL)
            self._serving.observe()
            newest = self._releases.current()
            if newest is not None and newest.is_readable and newest.id != self._serving.release.id:
                self._switch(newest)

    def _switch(self, newest: Release) -> None:
        opened = self._open(newest, is_current=True)
        before, self._serving = self._serving, opened
        self._retire(before)
        del before
        freeze_gc()

    def _retire(self, serving: ReleaseApp) -> None:
        with self._changed:
            self._changed.wait_for(lambda: not self._under_way[serving.release.id], self._drain_timeout)
        serving.close()
