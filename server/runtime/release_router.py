"""Routes each request to a release: the current one, or an older one that the request pins with ``release=``.

A new release is opened beside the current one and takes over without a failed request.
"""

from __future__ import annotations

import gc
import re
import threading
import time
from collections import Counter
from collections.abc import Iterable
from typing import Any, Protocol

from kg.errors import DAMAGE, VitkError
from kg.reader import compatibility
from kg.reader.compatibility import is_readable
from kg.release.release import Release, Releases
from kg.reports import log
from server.http import problems
from server.http.problems import EARLY_ERROR
from server.http.wsgi_types import StartResponse
from server.runtime.release_app import ReleaseApp

_POLL_INTERVAL = 1.0
# Opening a release that cannot be read costs as much as opening one that can: the same one is tried again later.
_RETRY_INTERVAL = 3.0
_PIN = re.compile(r"(?:^|&)release=([0-9a-f]{6,64})(?:&|$)")


def freeze_gc() -> None:
    """Exempts the objects of a release from garbage collection; scanning them stops requests for tens of milliseconds.

    What an earlier release left behind is collected first.
    """
    gc.unfreeze()
    gc.collect()
    gc.freeze()


class ReleaseOpener(Protocol):
    """Opens a release and waits until it can answer."""

    def __call__(self, release: Release, *, is_current: bool) -> ReleaseApp:
        """Opens the next current release, or one that a request pinned."""


class ReleaseRouter:
    """A WSGI application that passes each request to its release.

    Args:
        releases: of the data folder, whose pointer is polled every second.
        serving: the release that is served first.
        opener: opens another one.
        drain_timeout: seconds that a retired release is given to finish its requests.
    """

    def __init__(self, releases: Releases, serving: ReleaseApp, opener: ReleaseOpener, drain_timeout: float) -> None:
        self._releases, self._open, self._drain_timeout = releases, opener, drain_timeout
        # The first release has left nothing behind, and collecting would only look for it.
        gc.freeze()
        gc.enable()
        self._serving = serving
        self._pinned: ReleaseApp | None = None
        self._pinning = threading.Lock()
        self._under_way: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)
        threading.Thread(target=self._poll_current_release, name="vitk releases", daemon=True).start()

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answers with the current or the pinned release."""
        query_string = environ.get("QUERY_STRING", "")
        # The pattern is slow on the long text that a query is.
        pin = _PIN.search(query_string) if "release=" in query_string else None
        # If the pinned release is not available, the application of the current one says why.
        older = (
            self._pinned_or_report(pin.group(1), environ) if pin and pin.group(1) != self._serving.release.id else None
        )
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

    def _pinned_or_report(self, release_id: str, environ: dict[str, Any]) -> ReleaseApp | None:
        try:
            return self._pinned_release(release_id)
        except VitkError as error:
            environ[EARLY_ERROR] = problems.unreadable_release(error)
            return None

    def _pinned_release(self, release_id: str) -> ReleaseApp | None:
        pinned = self._pinned
        if pinned is not None and pinned.release.id == release_id:
            return pinned
        release = self._releases.get(release_id)
        # One is opened at a time; other requests do not wait for it.
        if release is None or not is_readable(release) or not self._pinning.acquire(blocking=False):
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
        reported, failed, retry_at = "", b"", 0.0
        while True:
            time.sleep(_POLL_INTERVAL)
            pointer = self._releases.pointer_bytes()
            if reported and pointer == failed and time.monotonic() < retry_at:
                continue
            try:
                self._serving.observe()
                self._follow()
            # This thread must outlive every damaged release: the next one may be in order.
            except (VitkError, MemoryError, *DAMAGE) as error:
                self._serving.count_release_error()
                failed, retry_at = pointer, time.monotonic() + _RETRY_INTERVAL
                if str(error) != reported:
                    reported = str(error)
                    log.write_line(f"vitk: release {self._serving.release.id} is still served: {reported}")
            else:
                reported = ""

    def _follow(self) -> None:
        newest = self._releases.current()
        if newest is not None and newest.id != self._serving.release.id:
            compatibility.check(newest)
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
