"""Warm-up beside the first requests: compiles the templates."""

from __future__ import annotations

import threading

from jinja2 import Environment

from kg.engine.interface.base import Engine

_POLL_INTERVAL = 0.2


class BackgroundWarmup:
    """Compiles all templates once the engine has warmed up: its workers get the processor first.

    Args:
        templates: of the application.
        engine: the engine to wait for.
    """

    def __init__(self, templates: Environment, engine: Engine) -> None:
        self._templates, self._engine = templates, engine
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._compile, name="vitk warm-up", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stops the warm-up within a moment, finished or not."""
        self._stopped.set()
        self._thread.join()

    def _compile(self) -> None:
        while not self._engine.wait_until_warm(_POLL_INTERVAL):
            if self._stopped.is_set():
                return
        for name in self._templates.list_templates():
            if self._stopped.is_set():
                return
            self._templates.get_template(name)
