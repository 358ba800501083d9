"""Warm-up beside the first requests: compiles templates and loads the graph into memory."""

from __future__ import annotations

import contextlib
import threading

from jinja2 import Environment

from kg.engine.embedded.loader import LoadCancelledError
from kg.engine.interface.base import Engine
from kg.reader.reader import Reader

_POLL_INTERVAL = 0.2


class BackgroundWarmup:
    """Compiles all templates and moves a reader to memory, while the reader answers requests from disk.

    It begins when the engine has warmed up: workers for untrusted queries get the processor first.

    Args:
        templates: of the application.
        reader: the reader to move.
        engine: the engine to wait for.
        to_memory: whether the graph is small enough for memory.
    """

    def __init__(self, templates: Environment, reader: Reader, engine: Engine, *, to_memory: bool) -> None:
        self._templates, self._reader, self._engine, self._to_memory = templates, reader, engine, to_memory
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._load, name="vitk loading", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stops the warm-up within a moment, finished or not; the reader continues from disk."""
        self._stopped.set()
        self._thread.join()
        self._reader.leave_memory()

    def _load(self) -> None:
        while not self._engine.wait_until_warm(_POLL_INTERVAL):
            if self._stopped.is_set():
                return
        for name in self._templates.list_templates():
            if self._stopped.is_set():
                return
            self._templates.get_template(name)
        if self._to_memory:
            with contextlib.suppress(LoadCancelledError):
                self._reader.move_to_memory(lambda: not self._stopped.is_set())
