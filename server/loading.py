"""Has the pages and the API answer from memory, once the graph is there."""

from __future__ import annotations

import contextlib
import threading

from kg.engine.engine import Engine
from kg.engine.memory import LoadingStopped
from kg.reader import Reader

_LOOK_AROUND = 0.2


class Loading:
    """Moves a reader to memory beside the requests that it answers from disk meanwhile.

    It begins when the engine is done with starting: strangers' queries get the processor first.
    """

    def __init__(self, reader: Reader, engine: Engine) -> None:
        self._reader, self._engine = reader, engine
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._load, name="vitk loading", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends it within moments, done or not; the reader goes on from disk."""
        self._stopped.set()
        self._thread.join()
        self._reader.leave_memory()

    def _load(self) -> None:
        while not self._engine.wait_until_settled(_LOOK_AROUND):
            if self._stopped.is_set():
                return
        with contextlib.suppress(LoadingStopped):
            self._reader.move_to_memory(lambda: not self._stopped.is_set())
