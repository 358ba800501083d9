"""Beside the first requests, gets ready what makes later ones quick: templates, and the graph in memory."""

from __future__ import annotations

import contextlib
import threading

from jinja2 import Environment

from kg.engine.embedded.loader import LoadCancelledError
from kg.engine.interface.base import Engine
from kg.reader.reader import Reader

_LOOK_AROUND = 0.2


class BackgroundWarmup:
    """Compiles all templates and moves a reader to memory beside the requests that it answers from disk meanwhile.

    It begins when the engine is done with starting: strangers' queries get the processor first.

    Args:
        to_memory: whether the reader belongs there.
    """

    def __init__(self, templates: Environment, reader: Reader, engine: Engine, *, to_memory: bool) -> None:
        self._templates, self._reader, self._engine, self._to_memory = templates, reader, engine, to_memory
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._load, name="vitk loading", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Ends it within moments, done or not; the reader goes on from disk."""
        self._stopped.set()
        self._thread.join()
        self._reader.leave_memory()

    def _load(self) -> None:
        while not self._engine.wait_until_warm(_LOOK_AROUND):
            if self._stopped.is_set():
                return
        for name in self._templates.list_templates():
            if self._stopped.is_set():
                return
            self._templates.get_template(name)
        if self._to_memory:
            with contextlib.suppress(LoadCancelledError):
                self._reader.move_to_memory(lambda: not self._stopped.is_set())
