"""Applications that share their routes: making these takes longer than most tests, and they are the same in all."""

from __future__ import annotations

import copy
from dataclasses import replace
from functools import cache
from typing import cast

from flask import Flask

from kg.engine.interface.base import Engine
from kg.reader.reader import Reader
from kg.settings import Settings
from server.app import create_app
from server.core.metrics import Metrics
from server.core.state import attach, state_of


def application(settings: Settings, reader: Reader, engine: Engine) -> Flask:
    """What ``create_app`` makes, but with the routes and compiled templates of earlier ones on this reader."""
    assert not settings.public_url, "the addresses are those of the first one"
    routes = _routes(reader)
    app = copy.copy(routes)
    app.extensions = dict(routes.extensions)
    attach(app, replace(state_of(routes), settings=settings, engine=engine, metrics=Metrics()))
    return app


@cache
def _routes(reader: Reader) -> Flask:
    # Nobody sends a request to this one, so it needs no engine.
    return create_app(Settings(), reader, cast(Engine, None))
